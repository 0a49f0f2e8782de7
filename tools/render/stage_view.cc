#include "tools/render/stage_view.h"

namespace anole::render {

StageView::StageView(const Stage& stage)
    : stage_(stage), shown_(MakeData(stage.family().model())) {}

void StageView::Begin() {
  path_.clear();
  Follow();
}

void StageView::Follow() {
  stage_.Show(*shown_);
  path_.push_back(stage_.family().spec().display->followed().Place(*shown_));
}

}  // namespace anole::render
