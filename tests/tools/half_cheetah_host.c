/* A program that is not anole: half-cheetah in plain MuJoCo, driven by an exported policy, which
 * adapts by itself to a velocity that only its rewards tell.
 *
 *   half_cheetah_host MODEL.xml ACTION_RANGE GOAL...
 *
 * Prints for each goal the mean return after 0, 1, ... updates. */
#include <math.h>
#include <mujoco/mujoco.h>
#include <stdio.h>
#include <stdlib.h>

#include "anole_policy.h"

enum { kPhysicsSteps = 5 };

static anole_policy policy;

/* Uniform in [0, 1): xorshift, as anything would do. */
static double uniform(void) {
  static unsigned long long state = 88172645463325252ull;
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return (double)(state >> 11) / 9007199254740992.;
}

static double normal(void) {
  return sqrt(-2 * log(1 - uniform())) * cos(6.283185307179586 * uniform());
}

static void start(const mjModel* model, mjData* data) {
  int i;
  mj_resetData(model, data);
  for (i = 0; i < model->nq; ++i) data->qpos[i] += .2 * uniform() - .1;
  for (i = 0; i < model->nv; ++i) data->qvel[i] = .1 * normal();
  mj_forward(model, data);
}

/* The reward of a control step, and what it does. */
static double step(const mjModel* model, mjData* data, const float* action, double range,
                   double goal) {
  const double x = data->qpos[0];
  double cost = 0;
  int i;
  for (i = 0; i < model->nu; ++i) {
    data->ctrl[i] = fmax(-1, fmin(1, action[i] / range));
    cost += .05 * data->ctrl[i] * data->ctrl[i];
  }
  for (i = 0; i < kPhysicsSteps; ++i) mj_step(model, data);
  return -fabs((data->qpos[0] - x) / ANOLE_CONTROL_DT - goal) - cost;
}

static double episode(const mjModel* model, mjData* data, double range, double goal) {
  float observation[ANOLE_OBSERVATIONS], action[ANOLE_ACTIONS], noise[ANOLE_ACTIONS];
  double sum = 0, reward;
  int t, i;
  start(model, data);
  for (t = 0; t < ANOLE_HORIZON; ++t) {
    for (i = 1; i < model->nq; ++i) observation[i - 1] = (float)data->qpos[i];
    for (i = 0; i < model->nv; ++i) observation[model->nq - 1 + i] = (float)data->qvel[i];
    for (i = 0; i < ANOLE_ACTIONS; ++i) noise[i] = (float)normal();
    anole_act(&policy, observation, noise, action);
    reward = step(model, data, action, range, goal);
    sum += reward;
    if (anole_record(&policy, observation, action, (float)reward, 0) != ANOLE_OK) exit(1);
  }
  if (anole_end_episode(&policy) != ANOLE_OK) exit(1);
  return sum;
}

int main(int argc, char** argv) {
  char error[500];
  mjModel* model = argc < 4 ? NULL : mj_loadXML(argv[1], NULL, error, sizeof error);
  mjData* data;
  int goal, update, i;
  if (model == NULL || anole_selfcheck(&policy) != ANOLE_OK) return 1;
  data = mj_makeData(model);
  for (goal = 3; goal < argc; ++goal) {
    anole_begin(&policy);
    for (update = 0; update <= ANOLE_UPDATES; ++update) {
      double sum = 0;
      for (i = 0; i < ANOLE_EPISODES; ++i) {
        sum += episode(model, data, atof(argv[2]), atof(argv[goal]));
      }
      printf("%s%.17g", update == 0 ? "" : " ", sum / ANOLE_EPISODES);
      if (anole_update(&policy) != ANOLE_OK) return 1;
    }
    printf("\n");
  }
  mj_deleteData(data);
  mj_deleteModel(model);
  return 0;
}
