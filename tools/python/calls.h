// Between Python and long work of the library: the interpreter's lock, Ctrl-C, exceptions.
#pragma once

#include <nanobind/nanobind.h>

#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

namespace anole::python {

namespace nb = nanobind;

// What Python has raised, on this thread, while the library worked; null: nothing.
std::exception_ptr& Raised();

// Calls into Python with the interpreter's lock. False: it has raised something, now or before,
// which is kept to be raised by WithoutPython.
template <class Call>
bool CallPython(const Call& call) {
  const nb::gil_scoped_acquire python;
  if (Raised()) return false;
  try {
    call();
    return true;
  } catch (...) {
    Raised() = std::current_exception();
    return false;
  }
}

// Whether work on this thread is to end, as Ctrl-C or a callback has raised something.
bool IsInterrupted();

// Does work of the library without the interpreter's lock. What Python has raised meanwhile is
// raised then, in the place of whatever came of the work.
template <class Work>
auto WithoutPython(const Work& work) {
  std::exception_ptr failure;
  if constexpr (std::is_void_v<std::invoke_result_t<Work>>) {
    try {
      const nb::gil_scoped_release others_may_run;
      work();
    } catch (...) {
      failure = std::current_exception();
    }
    if (Raised()) std::rethrow_exception(std::exchange(Raised(), nullptr));
    if (failure) std::rethrow_exception(failure);
  } else {
    std::optional<std::invoke_result_t<Work>> result;
    WithoutPython([&] { result.emplace(work()); });
    return std::move(*result);
  }
}

// Signals are Python's from now on, see LeaveSignals.
void LeaveSignalsToPython();

}  // namespace anole::python
