// What a file of parameters tells of the run that it is of, in its metadata.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "configs/lister.h"
#include "meta/checkpoint.h"
#include "tools/run/experiment.h"

namespace anole {

// "family", and "options": all that made the parameters, each a line "section.option = value".
// Nothing that a run may be gone on with at another value, and no place of a file, so that the same
// run has the same notes anywhere.
Notes NotesOf(const Experiment& experiment);

// Where `options` differ from those that made the parameters, as far as the notes tell; older
// versions of anole wrote none.
std::vector<OptionDifference> DifferenceFromNotes(const Notes& notes,
                                                  const std::vector<OptionDescription>& options);

// Throws UserError where the file says that its parameters are of another family; `insist`: how to
// take them nevertheless. Warns where they are of another robot, or task of a robot.
void CheckFamily(const std::filesystem::path& file, const Notes& notes,
                 const Experiment& experiment, const std::string& insist);

}  // namespace anole
