#include "tools/run/simulated_text.h"

#include "agents/control/control_loop.h"

namespace anole {

std::string SimulatedText(const InnerLoop& loop) {
  const auto* const control = dynamic_cast<const ControlLoop*>(&loop);
  return control == nullptr ? "" : control->family().spec().simulated;
}

}  // namespace anole
