#include "envs/robot/task_sections.h"

#include "configs/user_error.h"
#include "envs/robot/actions.h"
#include "envs/robot/displays.h"
#include "envs/robot/drop.h"
#include "envs/robot/formula.h"
#include "envs/robot/latency.h"
#include "envs/robot/model_edits.h"
#include "envs/robot/motion.h"
#include "envs/robot/placement.h"
#include "envs/robot/push.h"
#include "envs/robot/randomization.h"
#include "envs/robot/robot_command.h"
#include "envs/robot/start_value.h"

namespace anole {
namespace {

template <class Options>
SectionReference ReferenceOf(const std::string& name) {
  OptionLister lister;
  Options::Describe({Options(), lister});
  return {name, lister.options(), "", {}};
}

template <class Entry, class Terms>
SectionReference ReferenceOfTerms(const std::string& name, const std::string& choice = "term") {
  SectionReference reference = ReferenceOf<Entry>(name);
  reference.choice = choice;
  for (const auto& [term, entry] : Terms::entries()) {
    OptionLister lister;
    entry.maker()->Describe(lister);
    reference.terms.push_back({term, entry.summary, lister.options()});
  }
  return reference;
}

}  // namespace

void RobotOptions::Describe(VisitOf<RobotOptions> visit) {
  visit("model", &RobotOptions::model,
        {.help = "MJCF file, from the folder of this one", .path = true, .min_size = 1});
  visit("keyframe", &RobotOptions::keyframe,
        {.help = "of the model, by its name or \"#0\", \"#1\" ...: the start, with its velocities, "
                 "activations, controls and mocap bodies; empty: its qpos0"});
  visit("colliding", &RobotOptions::colliding,
        {.help = "geoms that may touch others, by names or patterns, \"body:torso\" those of a "
                 "body; all else touches nothing, but for the model's <pair>s; empty: as the model "
                 "has it"});
  visit("control_dt", &RobotOptions::control_dt,
        {.help = "control step", .unit = "s", .max = 1e3, .positive = true});
  visit("physics_dt", &RobotOptions::physics_dt,
        {.help = "physics step, of which a control step is a multiple; 0: the model's",
         .unit = "s",
         .min = 0,
         .max = 1});
  visit("horizon", &RobotOptions::horizon,
        {.help = "length of an episode", .unit = "control steps", .min = 1, .max = 1e6});
  visit("position_noise", &RobotOptions::position_noise,
        {.help = "hinges and slides start within +- this of the start",
         .unit = "rad or m",
         .min = 0,
         .max = 1e3});
  visit("velocity_noise", &RobotOptions::velocity_noise,
        {.help = "all velocities start within +- this", .min = 0, .max = 1e3});
  visit("base_velocity_noise", &RobotOptions::base_velocity_noise,
        {.help = "those of a free base alone start within +- this",
         .unit = "m/s or rad/s",
         .min = 0,
         .max = 1e3});
  visit("place_noise", &RobotOptions::place_noise,
        {.help = "a free base starts within +- this of its place, along x and along y",
         .unit = "m",
         .min = 0,
         .max = 1e3});
  visit("turn_noise", &RobotOptions::turn_noise,
        {.help = "a free base starts turned about the vertical within +- this",
         .unit = "rad",
         .min = 0,
         .max = 3.2});
  visit("settle", &RobotOptions::settle,
        {.help = "physics goes on for so long with the controls of the start, once, and leaves the "
                 "start of all episodes",
         .unit = "s",
         .min = 0,
         .max = 1e3});
  visit("hold_start", &RobotOptions::hold_start,
        {.help = "whether servos begin with controls that hold their joints where noise has put "
                 "them, not with those of the start"});
  visit("above_ground", &RobotOptions::above_ground,
        {.help = "whether a free base begins as high above what is fixed to the world there as it "
                 "does at the start, where the keyframe has it stand on the model's ground: on "
                 "hills, on steps, on ground that a [[place]] moves; under a "
                 "roof it would "
                 "begin on that"});
  visit("held", &RobotOptions::held,
        {.help = "hinges and slides that are put to held_at after each control step: names or "
                 "patterns; empty: none"});
  if (const auto where = visit.Where(!visit->held.empty(), "held is set")) {
    where("held_at", &RobotOptions::held_at,
          {.help = "their place", .unit = "rad or m", .min = -1e6, .max = 1e6});
  }
  visit("success_counts", &RobotOptions::success_counts,
        {.help = "when all conditions of success must hold: in the last step of an episode, or in "
                 "any"});
  visit("diverged_reward", &RobotOptions::diverged_reward,
        {.help = "of each step that an episode misses because physics diverged; less than of any "
                 "other step",
         .min = -1e9,
         .max = 0});
  std::string help = "how pictures show what is asked for";
  for (const auto& [name, entry] : RobotDisplays::entries()) {
    help += (help.find(':') == std::string::npos ? ": " : "; ") + name + ", " + entry.summary;
  }
  visit("display", &RobotOptions::display, {.help = help, .choices = RobotDisplays::names()});
}

void RobotObservation::Describe(VisitOf<RobotObservation> visit) {
  visit("term", &RobotObservation::term,
        {.help = "what is seen", .choices = ObservationTerms::names()});
  visit("scale", &RobotObservation::scale,
        {.help = "its numbers times this", .min = -1e9, .max = 1e9});
  visit("noise", &RobotObservation::noise,
        {.help = "standard deviation, or of uniform noise the largest, in the term's unit",
         .min = 0,
         .max = 1e9});
  visit("noise_kind", &RobotObservation::noise_kind, {.help = "how noise is distributed"});
  visit("clip", &RobotObservation::clip,
        {.help = "scaled numbers stay within +- this; 0: all", .min = 0, .max = 1e9});
  visit("privileged", &RobotObservation::privileged,
        {.help = "only what advantages are measured against sees it, in simulation, never the "
                 "policy; kept within +-10 there, so scale it"});
  const auto where = visit.Where(!visit->privileged, "privileged = false");
  if (!where) return;
  where("history", &RobotObservation::history,
        {.help = "how many are seen side by side, from the newest on back",
         .unit = "control steps",
         .min = 1,
         .max = 1000});
  where("delay", &RobotObservation::delay,
        {.help = "how old the newest is", .unit = "control steps", .min = 0, .max = 1000});
  where("delay_most", &RobotObservation::delay_most,
        {.help = "where it is more than delay: how old the newest is, is a number from delay to "
                 "this, drawn in each episode",
         .unit = "control steps",
         .min = 0,
         .max = 1000});
  where("padding", &RobotObservation::padding,
        {.help = "what stands for what was before an episode: its first, or zeros"});
}

void RobotObservation::Check() const {
  if (padding == Padding::kZero && frames() == 1) {
    throw OptionError("padding", "without history or delay nothing is seen of what was before");
  }
  if (delay_most > 0 && delay_most < delay) {
    throw OptionError("delay_most", "must be at least delay, which is " + std::to_string(delay) +
                                        "; or 0, and it is not drawn");
  }
}

void RobotReward::Describe(VisitOf<RobotReward> visit) {
  visit("term", &RobotReward::term,
        {.help = "what earns or costs", .choices = RewardTerms::names()});
  visit("name", &RobotReward::name, {.help = "in tables and plots; empty: the term's"});
  visit("weight", &RobotReward::weight, {.help = "of the term", .min = -1e9, .max = 1e9});
  Growing::DescribeWhole(visit.In(&RobotReward::growth), Growth::kIterations,
                         "after so many, start_weight has become weight; 0: it is from the start");
  if (const auto where = visit.Where(visit->growth.whole > 0, "growth_iterations is set")) {
    Growing::DescribeSteps(where.In(&RobotReward::growth));
    where("start_weight", &RobotReward::start_weight,
          {.help = "of the term as training begins", .min = -1e9, .max = 1e9});
  }
  visit(&RobotReward::when);
}

double RobotReward::WeightIn(std::int64_t iteration) const {
  return growth.At(iteration, start_weight, weight);
}

void RobotCondition::Describe(VisitOf<RobotCondition> visit) {
  visit("term", &RobotCondition::term, {.help = "what is checked", .choices = Conditions::names()});
  visit(&RobotCondition::when);
}

std::vector<SectionReference> RobotFileReference() {
  return {ReferenceOf<RobotOptions>("[robot]"),
          ReferenceOf<AddedActuators>("[[actuator]]"),
          ReferenceOf<AddedPairs>("[[pair]]"),
          ReferenceOf<StartValue>("[[start]]"),
          ReferenceOf<MotionOptions>("[[motion]]"),
          ReferenceOf<RobotCommand>("[[command]]"),
          ReferenceOf<PlacementOptions>("[[place]]"),
          ReferenceOfTerms<RobotAction, ActionKinds>("[[action]]", "kind"),
          ReferenceOf<DropOptions>("[[drop]]"),
          ReferenceOf<NamedFormula>("[[formula]]"),
          ReferenceOfTerms<RobotObservation, ObservationTerms>("[[observation]]"),
          ReferenceOfTerms<RobotReward, RewardTerms>("[[reward]]"),
          ReferenceOfTerms<RobotCondition, Conditions>("[[termination]] and [[success]]"),
          ReferenceOf<RandomizationOptions>("[[randomize]]"),
          ReferenceOf<Latency>("[[latency]]"),
          ReferenceOf<PushOptions>("[[push]]")};
}

}  // namespace anole
