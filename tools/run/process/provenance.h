// What made a result: this program, this machine.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace anole {

// "anole", "git_commit" (of the sources that were built), "git_modified", "mujoco", "compiler",
// "instruction_set".
nlohmann::ordered_json ProgramFacts();

// "host", "cpu" (its model), "cores", "affinity" (cores that this process may use) and
// "cgroup_quota" (the same by its cgroup, null where there is none) [cores].
nlohmann::ordered_json MachineFacts();

// "2026-11-22T23:05:01Z", now.
std::string UtcTime();

// The command line of this process as it can be typed again, quoted for a POSIX shell.
std::string CommandText();

}  // namespace anole
