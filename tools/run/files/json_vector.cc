#include "tools/run/files/json_vector.h"

#include <cmath>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <vector>

namespace anole {
namespace {

template <class Json>
void Write(const Vector& values, Json& array) {
  array = std::vector<double>(values.begin(), values.end());
}

template <class Json>
void Read(const Json& array, Vector& values) {
  values.resize(static_cast<Eigen::Index>(array.size()));
  for (std::size_t i = 0; i < array.size(); ++i) {
    const Json& value = array.at(i);
    values[static_cast<Eigen::Index>(i)] =
        value.is_null() ? std::nan("") : value.template get<double>();
  }
}

}  // namespace
}  // namespace anole

using Serializer = nlohmann::adl_serializer<anole::Vector>;

void Serializer::to_json(json& array, const anole::Vector& values) { anole::Write(values, array); }

void Serializer::to_json(ordered_json& array, const anole::Vector& values) {
  anole::Write(values, array);
}

void Serializer::from_json(const json& array, anole::Vector& values) { anole::Read(array, values); }

void Serializer::from_json(const ordered_json& array, anole::Vector& values) {
  anole::Read(array, values);
}
