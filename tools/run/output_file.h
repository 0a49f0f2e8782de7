// Files that are to hold results, checked before the work that would be lost.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace anole {

// Throws UserError, which begins with `what`, where the file, or the folders that it is to lie in,
// could not be made. Leaves no trace.
void CheckWritable(const std::filesystem::path& file, const std::string& what);

// The same for --out=FILE, whose folder has to be there. A file that exists and has an ending is
// replaced only where that is one of `endings`, for it is likely to be of another kind; and a file
// of a run's own never is.
void CheckOut(const std::filesystem::path& out, const std::vector<std::string>& endings);

// Throws UserError, which begins with `what`, where the path, or a folder on the way to it, is a
// link to something that is not there: nobody knows what was to be made where. The same for a name
// that is too long.
void CheckNoDanglingLink(const std::filesystem::path& path, const std::string& what);

}  // namespace anole
