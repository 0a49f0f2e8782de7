#include "tools/python/values.h"

#include <cstddef>
#include <cstdint>
#include <utility>

#include "configs/user_error.h"

namespace anole::python {
namespace {

// Moved to the heap, where an array of NumPy keeps it.
template <class Array>
nb::capsule Keep(Array* array) {
  return {array, [](void* kept) noexcept { delete static_cast<Array*>(kept); }};
}

[[noreturn]] void Refuse(const std::string& name, nb::handle value) {
  throw nb::type_error((name + ": a value is a bool, a number, a text or a list of them, not " +
                        nb::type_name(value.type()).c_str())
                           .c_str());
}

Number ToNumber(const std::string& name, nb::handle value) {
  std::int64_t integer = 0;
  if (nb::isinstance<nb::int_>(value) && nb::try_cast(value, integer)) return integer;
  double number = 0;
  if (nb::try_cast(value, number)) return number;
  Refuse(name, value);
}

SettingValue ToValue(const std::string& name, nb::handle value) {
  if (nb::isinstance<nb::bool_>(value)) return nb::cast<bool>(value);
  if (nb::isinstance<nb::str>(value)) return std::string(nb::cast<std::string>(value));
  if (!nb::isinstance<nb::list>(value) && !nb::isinstance<nb::tuple>(value)) {
    return ToNumber(name, value);
  }
  std::vector<Number> numbers;
  std::vector<PlainValue> words;
  for (const nb::handle element : value) {
    if (nb::isinstance<nb::str>(element)) {
      words.emplace_back(nb::cast<std::string>(element));
    } else {
      numbers.push_back(ToNumber(name, element));
    }
  }
  if (words.empty()) return numbers;
  if (!numbers.empty()) Refuse(name, value);
  return words;
}

}  // namespace

Eigen::Map<Matrix> View(Rows& rows) {
  return {rows.data(), static_cast<Eigen::Index>(rows.shape(1)),
          static_cast<Eigen::Index>(rows.shape(0))};
}

Eigen::Map<const Matrix> View(const ConstRows& rows) {
  return {rows.data(), static_cast<Eigen::Index>(rows.shape(1)),
          static_cast<Eigen::Index>(rows.shape(0))};
}

Eigen::Map<Vector> View(Numbers& numbers) {
  return {numbers.data(), static_cast<Eigen::Index>(numbers.shape(0))};
}

Eigen::Map<const Vector> View(const ConstNumbers& numbers) {
  return {numbers.data(), static_cast<Eigen::Index>(numbers.shape(0))};
}

nb::object ToNumpy(Matrix matrix) {
  auto* const kept = new Matrix(std::move(matrix));
  return nb::cast(nb::ndarray<nb::numpy, double, nb::ndim<2>>(
      kept->data(),
      {static_cast<std::size_t>(kept->cols()), static_cast<std::size_t>(kept->rows())},
      Keep(kept)));
}

nb::object ToNumpy(Vector vector) {
  auto* const kept = new Vector(std::move(vector));
  return nb::cast(nb::ndarray<nb::numpy, double, nb::ndim<1>>(
      kept->data(), {static_cast<std::size_t>(kept->size())}, Keep(kept)));
}

Settings ToSettings(const nb::dict& options) {
  Settings settings;
  for (const auto& [key, value] : options) {
    std::string name;
    if (!nb::try_cast(key, name)) throw nb::type_error("names of options are texts");
    Setting setting{.name = name, .value = ToValue(name, value), .origin = {}, .typed = {}};
    setting.origin = name + " = " + ValueText(setting.value);
    const auto* const word = std::get_if<std::string>(&setting.value);
    setting.typed = word != nullptr ? *word : ValueText(setting.value);
    settings.Set(std::move(setting));
  }
  return settings;
}

std::vector<std::pair<std::string, std::string>> ToTexts(const nb::dict& options) {
  std::vector<std::pair<std::string, std::string>> texts;
  const Settings settings = ToSettings(options);
  for (const Setting& setting : settings.all()) {
    texts.emplace_back(setting.name, ValueText(setting.value));
  }
  return texts;
}

nb::list ToPairs(const std::vector<NamedUnit>& names) {
  nb::list list;
  for (const NamedUnit& name : names) list.append(nb::make_tuple(name.name, name.unit));
  return list;
}

Phase ToPhase(const std::string& name) {
  if (name == "train") return Phase::kTrain;
  if (name == "validation") return Phase::kValidation;
  if (name == "test") return Phase::kTest;
  throw UserError("phase = \"" + name + "\": it is train, validation or test");
}

}  // namespace anole::python
