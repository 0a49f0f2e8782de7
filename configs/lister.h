// The catalogue of options: what --help prints, what messages look names up in, and what tells two
// runs apart.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "configs/option.h"

namespace anole {

struct OptionDescription {
  std::string name;           // "section.option"
  std::string type;           // "integer", "list of numbers", "word", ...
  std::string default_value;  // the value that the option has when listed, written as in TOML
  std::string unit;
  std::string range;  // "above 0", "2 values, all at least 0", "one of adam, sgd", ...
  std::string help;
  std::vector<std::string> choices;
  bool required = false;  // has no default: it must be set
  bool path = false;      // names a file or folder
  bool kept = false;      // of which a run has a copy: where it lies does not matter
  Use use = Use::kAdaptation;
  bool of_run = false;  // see OptionInfo
  std::string owner;    // whose it is: "cheetah-velocity"; empty: no component's, every run's
  bool is_inner_step = false;  // see OptionInfo
  std::string condition;       // with which values of others it applies; empty: all
};

// Lists what it visits, each option once an owner, in the order of the visits.
class OptionLister final : public OptionVisitor {
 public:
  // kAll: for documentation, those too that an option as it stands switches off, as
  // task.contact_cost where task.contact_forces = false. kApplying: without them, as a run has
  // them.
  enum class Which { kAll, kApplying };

  explicit OptionLister(std::string owner = "", Which which = Which::kAll)
      : owner_(std::move(owner)), which_(which) {}

  bool everything() const override { return which_ == Which::kAll; }

  // The owner of what is visited from now on.
  void set_owner(std::string owner) { owner_ = std::move(owner); }

  const std::vector<OptionDescription>& options() const { return options_; }

 private:
  void Visit(std::string_view name, const OptionValue& value, const OptionInfo& info) override;

  std::string owner_;
  Which which_;
  std::vector<OptionDescription> options_;
};

struct OptionDifference {
  std::string name;
  std::string stored, current;  // as in TOML; empty: not an option there
  Use use = Use::kAdaptation;
  bool of_run = false;  // see OptionInfo

  bool operator==(const OptionDifference&) const = default;
};

// Where two listed configs differ: first in the order of `stored`, then what only `current` has.
// Not in where files are that a run keeps a copy of.
std::vector<OptionDifference> Difference(const std::vector<OptionDescription>& stored,
                                         const std::vector<OptionDescription>& current);

}  // namespace anole
