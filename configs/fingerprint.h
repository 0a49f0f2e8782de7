// A short name for bytes: equal bytes have equal fingerprints, and others hardly ever.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace anole {

// FNV-1a, 64 bits.
class Fingerprint {
 public:
  void Add(std::span<const std::byte> bytes) {
    for (const std::byte byte : bytes) {
      hash_ = (hash_ ^ static_cast<std::uint64_t>(byte)) * 0x100000001b3;
    }
  }
  void Add(std::span<const double> values) { Add(std::as_bytes(values)); }

  std::string text() const;  // 16 hexadecimal digits

 private:
  std::uint64_t hash_ = 0xcbf29ce484222325;
};

}  // namespace anole
