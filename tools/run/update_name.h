// What the steps of an adaptation are called, one of them.
#pragma once

namespace anole {

// by_memory: nothing is updated, a policy remembers the episodes before.
constexpr const char* UpdateName(bool by_memory) {
  return by_memory ? "earlier episode" : "update";
}

}  // namespace anole
