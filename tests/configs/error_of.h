// For tests of messages: what the user is told when `action` fails.
#pragma once

#include <string>

#include "configs/user_error.h"

namespace anole {

template <class Action>
std::string ErrorOf(const Action& action) {
  try {
    action();
  } catch (const UserError& error) {
    return error.what();
  }
  return "(no error)";
}

}  // namespace anole
