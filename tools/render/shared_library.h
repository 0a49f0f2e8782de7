// A library that is opened at run time, and stays open: OpenGL drivers do not survive being closed.
#pragma once

#include <dlfcn.h>

#include <initializer_list>
#include <stdexcept>
#include <string>

namespace anole::render {

class SharedLibrary {
 public:
  // The first of `names` that is there. Throws std::runtime_error where none is.
  SharedLibrary(std::initializer_list<const char*> names) {
    for (const char* name : names) {
      // Its symbols are for us alone: two drivers in one process must not find each other's.
      handle_ = dlopen(name, RTLD_LAZY | RTLD_LOCAL | RTLD_NODELETE);
      if (handle_ != nullptr) {
        name_ = name;
        return;
      }
    }
    throw std::runtime_error(std::string(*names.begin()) + " is not there");
  }

  template <class Function>
  Function* Find(const char* name) const {
    void* const symbol = dlsym(handle_, name);
    if (symbol == nullptr) throw std::runtime_error(std::string("it has no ") + name);
    return reinterpret_cast<Function*>(symbol);
  }

  // From now on, its symbols are found by every other library.
  void ShowToAll() const { dlopen(name_, RTLD_LAZY | RTLD_NOLOAD | RTLD_GLOBAL); }

 private:
  const char* name_ = nullptr;
  void* handle_ = nullptr;
};

}  // namespace anole::render
