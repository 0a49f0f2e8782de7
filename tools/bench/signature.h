// The signature of a build: which results its training gives.
#pragma once

#include <string>

namespace anole::bench {

// Trains a small fixed run; a fingerprint of its parameters.
std::string BuildSignature();

}  // namespace anole::bench
