// The standard streams, where a program cannot choose what it is given: closed, full, or a pipe
// that nobody reads. Messages that cannot be written are lost and harm nothing; results that cannot
// be written are a failure, and the caller's to tell.
#pragma once

#include <string>
#include <string_view>

namespace anole {

// First thing in main: puts something harmless on those of the descriptors 0 to 2 that are closed,
// or the next file to be opened would get their number and what is printed; and has a pipe that
// nobody reads be an error of the write, not a signal.
void PrepareStreams();

// Writes a message to stderr, as far as that can be written. The only way to stderr: no buffer, no
// exception, no signal. Thread-safe.
void Tell(std::string_view text) noexcept;

// Throws std::runtime_error where results that were printed have not reached stdout.
void FlushResults();

// Whether printing to stdout has failed.
bool AreResultsLost() noexcept;

// "cannot write to standard output: No space left on device", of the errno of that failure.
std::string LostResultsText(int error);

}  // namespace anole
