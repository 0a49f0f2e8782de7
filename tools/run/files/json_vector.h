// Vectors as arrays of JSON, which has no word for what is no number: null stands for it.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "envs/linear_algebra.h"

template <>
struct nlohmann::adl_serializer<anole::Vector> {
  static void to_json(json& array, const anole::Vector& values);
  static void to_json(ordered_json& array, const anole::Vector& values);
  // Throw nlohmann's error where `array` is none, or not of numbers.
  static void from_json(const json& array, anole::Vector& values);
  static void from_json(const ordered_json& array, anole::Vector& values);
};
