// Which of a run's options a command may change, by the part that each has (Use in
// configs/option.h).
#pragma once

#include <string>
#include <vector>

#include "configs/lister.h"
#include "configs/settings.h"

namespace anole {

// "evaluation.*, meta.iterations, ...": those that a run may be gone on with at other values.
std::string ResumableOptions(const std::vector<OptionDescription>& catalogue);

// Of `anole evaluate` and its kin: throws UserError for a setting of the command line that would do
// nothing to an adaptation of the run's parameters, or that would make other parameters of them.
// stored: the run's own; takes_random: whether random initial parameters are adapted as well.
void CheckActsOnAdaptation(const Setting& typed, const Settings& stored,
                           const std::vector<OptionDescription>& catalogue, bool takes_random);

}  // namespace anole
