// The signature of a build: which results its training gives.
#pragma once

#include <string>
#include <vector>

namespace anole::bench {

// Trains a small fixed run that goes through most of training; a fingerprint of its parameters.
std::string BuildSignature();

struct NamedSignature {
  std::string name;       // "build"; "vpg, maml, adam"; "ant-goal"
  std::string signature;  // of the parameters after a few iterations
};

// That of the build, then one for each combination of inner learner, meta gradient and outer
// optimiser that can be trained, on one family, then one for each family that needs no files.
std::vector<NamedSignature> AllSignatures();

}  // namespace anole::bench
