#include "tools/run/experiment.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "agents/parallel_for.h"
#include "configs/reader.h"
#include "configs/user_error.h"
#include "configs/writer.h"
#include "envs/mujoco_error.h"
#include "envs/recommended.h"
#include "envs/task_checksum.h"
#include "tools/run/count_text.h"
#include "tools/run/memory_need.h"
#include "tools/run/update_name.h"

namespace anole {
namespace {

std::vector<std::string> AllFamilies() {
  std::vector<std::string> names = TaskFamilies::names();
  for (std::string& name : DataFamilies::names()) names.push_back(std::move(name));
  std::ranges::sort(names);
  return names;
}

// Describes the component of that name, which reading has just chosen.
template <class Registry>
void Choose(VisitOf<Experiment> visit, const std::string& name,
            std::unique_ptr<typename Registry::Maker> Experiment::* maker) {
  if (Experiment* const read = visit.reading()) read->*maker = Registry::NewMaker(name);
  visit(maker);
}

template <class Registry>
void ListComponents(OptionLister& lister) {
  for (const auto& [name, entry] : Registry::entries()) {
    lister.set_owner(name);
    entry.maker()->Describe(lister);
  }
}

class KeptFinder final : public OptionVisitor {
 public:
  std::optional<Experiment::KeptOption> found;

 private:
  void Visit(std::string_view name, const OptionValue& value, const OptionInfo& info) override {
    const auto* path = std::get_if<std::string>(&value);
    if (info.kept != nullptr && path != nullptr) found = {std::string(name), *path, *info.kept};
  }
};

// `settings`, and what their family recommends where they say nothing.
Settings WithRecommended(const Settings& settings) {
  const Setting* family = settings.Find("task.family");
  const auto* name = family == nullptr ? nullptr : std::get_if<std::string>(&family->value);
  Settings all;
  if (name != nullptr) {
    for (const auto& [option, value] : Recommended(*name)) all.Set(option, value);
  }
  all.MakeOptional();  // what the user has chosen may leave no place for it
  for (const Setting& setting : settings.all()) all.Set(setting);
  return all;
}

}  // namespace

Experiment::Experiment(const Settings& given) : given_(given) {
  const Settings settings = WithRecommended(given);
  SettingsReader reader(settings);
  Describe({*this, reader});
  reader.RejectUnknown(Catalogue());
}

Experiment::Experiment() {
  const Settings none;
  SettingsReader reader(none);
  Describe({*this, reader});
}

Settings Experiment::ReadToVary(const std::filesystem::path& file) {
  Settings settings = Settings::FromFile(file);
  try {
    const Experiment valid_by_itself(settings);
  } catch (const ChangedTaskError&) {  // task.checksum=any on top of it accepts that
  }
  settings.MakeOptional();
  return settings;
}

void Experiment::Describe(VisitOf<Experiment> visit) {
  visit("task.family", &Experiment::family_,
        {.help = "distribution of tasks; see `anole list`",
         .choices = AllFamilies(),
         .use = Use::kPolicy});
  if (TaskFamilies::entries().contains(visit->family_)) {
    Choose<TaskFamilies>(visit, visit->family_, &Experiment::task_family_);
    visit(&Experiment::adjustment_);
    visit(&Experiment::control_);
    visit("inner.learner", &Experiment::learner_,
          {.help = "method of inner updates", .choices = InnerLearners::names()});
    Choose<InnerLearners>(visit, visit->learner_, &Experiment::inner_learner_);
  } else {
    Choose<DataFamilies>(visit, visit->family_, &Experiment::data_family_);
    visit(&Experiment::supervised_);
  }
  visit("meta.gradient", &Experiment::gradient_,
        {.help = "how adaptations move the initial parameters",
         .choices = MetaGradients::names(),
         .use = Use::kTraining});
  Choose<MetaGradients>(visit, visit->gradient_, &Experiment::meta_gradient_);
  visit("meta.optimizer", &Experiment::optimizer_,
        {.help = "outer optimiser", .choices = OuterOptimizers::names(), .use = Use::kTraining});
  Choose<OuterOptimizers>(visit, visit->optimizer_, &Experiment::outer_optimizer_);
  visit(&Experiment::trainer, visit->MakeOptimizer()->takes_step_size());
  visit(&Experiment::evaluation, visit->rolls_out());
  visit(&Experiment::validation, visit->rolls_out());
  visit(&Experiment::run);
}

std::vector<OptionDescription> Experiment::Catalogue() {
  OptionLister components;
  ListComponents<TaskFamilies>(components);
  ListComponents<DataFamilies>(components);
  components.set_owner("reinforcement learning");
  TaskAdjustment::Describe({TaskAdjustment(), components});
  ControlOptions::Describe({ControlOptions(), components});
  ListComponents<InnerLearners>(components);
  components.set_owner("supervised learning");
  SupervisedOptions::Describe({SupervisedOptions(), components});
  ListComponents<MetaGradients>(components);
  ListComponents<OuterOptimizers>(components);

  // The default experiment has the general options, and those of the components that it chose.
  OptionLister lister;
  Describe({Experiment(), lister});
  std::vector<OptionDescription> catalogue;
  for (const OptionDescription& option : lister.options()) {
    const auto owned = [&](const OptionDescription& other) { return other.name == option.name; };
    if (std::none_of(components.options().begin(), components.options().end(), owned)) {
      catalogue.push_back(option);
    }
  }
  catalogue.insert(catalogue.end(), components.options().begin(), components.options().end());
  return catalogue;
}

std::string Experiment::Toml(const std::string& kept_path) const {
  TomlWriter writer(TomlWriter::Comments::kHelp, kept_path);
  Describe({*this, writer});
  return writer.text();
}

std::optional<Experiment::KeptOption> Experiment::Kept() const {
  KeptFinder finder;
  Describe({*this, finder});
  return finder.found;
}

std::vector<OptionDescription> Experiment::Options() const {
  OptionLister lister("", OptionLister::Which::kApplying);
  Describe({*this, lister});
  return lister.options();
}

std::optional<StepOption> Experiment::step_option() const {
  for (const OptionDescription& option : Options()) {
    if (option.is_inner_step) return StepOption{option.name, std::stod(option.default_value)};
  }
  return std::nullopt;
}

std::string Experiment::step_name() const {
  const std::optional<StepOption> step = step_option();
  return step ? step->name : "the step of inner.learner";
}

bool Experiment::adapts_by_memory() const {
  return rolls_out() && inner_learner_->Make()->adapts_by_memory();
}

std::string Experiment::UpdatesText(std::int64_t count) const {
  return CountText(count, UpdateName(adapts_by_memory()));
}

template <class Make>
auto Experiment::Placed(const Make& make) const {
  try {
    return make();
  } catch (const OptionError& error) {
    const Setting* setting = given_.Find(error.option());
    if (setting == nullptr) throw;
    throw UserError(setting->Where() + ": " + error.problem());
  }
}

// What MuJoCo cannot simulate is a mistake in the model, and found here or in training.
std::unique_ptr<TaskFamily> Experiment::MakeFamily() const try {
  return Placed([&] { return Adjust(task_family_->Make(), adjustment_); });
} catch (const MujocoError& error) {
  throw UserError(family_ + ": " + error.what());
}

std::unique_ptr<ControlLoop> Experiment::MakeControlLoop(StepClock* clock) const {
  std::unique_ptr<TaskFamily> family = MakeFamily();
  const FamilySpec& spec = family->spec();
  const PolicyShape shape = MakeShape(control_.policy, spec.observation_dim, spec.action_dim);
  std::vector<MemoryNeed> networks = {NetworkNeed("policy.hidden", control_.policy.hidden,
                                                  shape.network.inputs(), spec.action_dim)};
  if (shape.gru.units > 0) networks.push_back(GruNeed(shape.gru));
  if (control_.advantages.baseline == Baseline::kCritic) {
    networks.push_back(NetworkNeed("critic.hidden", control_.critic.hidden,
                                   shape.observation_dim() + spec.privileged_dim + 1, 1));
  }
  CheckMemory(networks);
  if (clock != nullptr) family = TimeSteps(std::move(family), *clock);
  return Placed([&] {
    return std::make_unique<ControlLoop>(control_, std::move(family), inner_learner_->Make(),
                                         trainer.anneal_iterations);
  });
}

void Experiment::CheckMemoryToTrain(const InnerLoop& loop) const {
  CheckMemory(TrainingNeeds(loop, trainer, CurrentThreads()));
}

std::string Experiment::LargestNeed(const InnerLoop& loop) const {
  const auto needs = TrainingNeeds(loop, trainer, CurrentThreads());
  return std::ranges::max_element(needs, {}, &MemoryNeed::bytes)->option;
}

std::int64_t Experiment::scored_updates() const {
  return Plan{.updates = inner_updates(), .derivative = MakeGradient()->needs().derivative}
      .scored_updates();
}

std::unique_ptr<InnerLoop> Experiment::MakeLoop(StepClock* clock) const {
  if (rolls_out()) return MakeControlLoop(clock);
  std::unique_ptr<DataFamily> family = Placed([&] { return data_family_->Make(); });
  CheckMemory({NetworkNeed("model.hidden", supervised_.hidden, family->spec().input_dim,
                           family->spec().output_dim)});
  return Placed([&] { return std::make_unique<SupervisedLoop>(supervised_, std::move(family)); });
}

}  // namespace anole
