#include "envs/robot/actions.h"

namespace anole {

void RobotAction::Describe(VisitOf<RobotAction> visit) {
  visit("kind", &RobotAction::kind, {.help = "what it means", .choices = ActionKinds::names()});
}

}  // namespace anole
