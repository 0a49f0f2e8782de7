#include "tools/app/synonyms.h"

#include <algorithm>
#include <cctype>

namespace anole::app {
namespace {

const std::vector<Synonym>& Table() {
  static const std::vector<Synonym> kTable = {
      // Steps and their sizes
      {{"lr", "learning_rate", "stepsize", "step_lr"},
       "here that is --inner.step_size (of inner updates) or --meta.step_size (of outer steps)"},
      {{"inner_lr", "fast_lr", "adapt_lr", "task_lr", "alpha", "inner_learning_rate", "inner_step"},
       "here that is --inner.step_size"},
      {{"outer_lr", "meta_lr", "beta", "outer_learning_rate", "meta_learning_rate", "meta_step",
        "outer_step"},
       "here that is --meta.step_size"},
      {{"vf_lr", "critic_lr", "value_lr"}, "here that is --critic.step_size"},
      {{"lr_schedule", "anneal_lr", "lr_decay"},
       "here that is --meta.anneal_iterations with --meta.step_size_decay"},
      {{"max_grad_norm", "grad_clip", "clip_grad", "clip_grad_norm", "gradient_clip"},
       "here that is --inner.max_gradient_norm"},
      // Amounts of work
      {{"total_timesteps", "timesteps", "total_steps", "n_timesteps", "num_timesteps", "max_steps",
        "total_env_steps", "env_steps", "steps", "n_steps_total"},
       "here that is --run.max_env_steps, or --meta.iterations for a number of outer steps"},
      {{"n_iter", "n_iters", "num_iters", "n_iterations", "num_iterations", "max_iter", "max_iters",
        "n_itr", "itr", "iters", "num_outer_steps", "outer_iterations", "meta_iterations"},
       "here that is --meta.iterations"},
      {{"n_epochs", "num_epochs", "update_epochs", "ppo_epochs", "epoch", "epochs"},
       "here that is --meta.iterations (outer steps) or --inner.epochs (of ppo, over a batch)"},
      {{"batch_size", "bs", "n_batch", "nminibatches", "num_minibatches", "minibatch_size"},
       "here that is --meta.batch_size (tasks of an outer step), --inner.rollouts (episodes of an "
       "update) or --inner.minibatches (of ppo)"},
      {{"meta_batch_size", "meta_bsz", "mbsz", "n_tasks", "num_tasks", "tasks_per_batch",
        "task_batch_size", "task_batch", "meta_bs"},
       "here that is --meta.batch_size"},
      {{"n_steps", "num_steps", "rollout_length", "rollout_steps", "num_rollout_steps"},
       "here that is --inner.rollouts (episodes of an update), each as long as --task.horizon"},
      {{"max_path_length", "max_episode_steps", "max_episode_length", "episode_length",
        "episode_len", "max_ep_len"},
       "here that is --task.horizon"},
      {{"adapt_steps", "adaptation_steps", "num_inner_steps", "inner_steps", "n_inner_steps",
        "num_updates", "n_updates", "num_adapt_steps", "fast_steps", "num_inner_updates",
        "inner_updates", "num_grad_updates", "inner_iters", "train_steps"},
       "here that is --inner.updates, and --evaluation.updates after training"},
      {{"adapt_batch_size", "adapt_bsz", "fast_batch_size", "rollouts_per_meta_task",
        "episodes_per_task", "num_rollouts", "n_rollouts", "num_episodes", "n_episodes",
        "n_episodes_per_task", "inner_batch", "episodes"},
       "here that is --inner.rollouts"},
      // Losses
      {{"gamma", "discount_factor"}, "here that is --inner.discount"},
      {{"lambda", "lam", "gae", "tau"}, "here that is --inner.gae_lambda"},
      {{"clip_range", "clip_coef", "clip_ratio", "clip_eps", "clip_epsilon", "clip_param",
        "cliprange"},
       "here that is --inner.clip (of ppo)"},
      {{"target_kl", "max_kl", "kl_target", "max_kl_step", "delta"},
       "here that is --inner.kl (of npg and trpo) or --meta.kl (of outer trpo)"},
      {{"ent_coef", "entropy_coef", "entropy_coeff", "entropy_weight", "entropy_bonus"},
       "there is no entropy bonus here: exploration is --policy.log_std with "
       "--policy.log_std_mode"},
      {{"vf_coef", "value_coef", "value_loss_coef"},
       "there is no common loss here: a critic learns by itself (--inner.baseline=critic)"},
      {{"normalize_advantage", "norm_adv", "normalize_advantages", "standardize_adv"},
       "here that is --inner.advantage_scale"},
      {{"normalize", "normalize_obs", "norm_obs", "obs_norm", "normalize_observation"},
       "here that is --policy.normalize_observations"},
      // What is trained
      {{"env", "env_id", "env_name", "gym_id", "gym_env", "environment", "task_name", "domain"},
       "here that is --task.family; `anole list` names them"},
      {{"algo", "algorithm", "method", "agent", "trainer", "model_type"},
       "here that is --inner.learner and --meta.gradient; `anole list` names them"},
      {{"first_order", "second_order", "maml", "reptile", "fomaml"},
       "here that is --meta.gradient; `anole list` names them"},
      {{"optim", "opt", "outer_optimizer", "meta_optimizer"},
       "here that is --meta.optimizer, and --inner.optimizer of inner updates"},
      {{"hidden_size", "hidden_sizes", "hidden_dim", "hidden_units", "net_arch", "layers",
        "num_layers", "n_layers", "policy_kwargs", "network", "mlp"},
       "here that is --policy.hidden (or --model.hidden of supervised tasks), as in 64,64"},
      {{"init_std", "std", "log_std_init", "init_noise_std", "action_noise", "sigma"},
       "here that is --policy.log_std"},
      {{"k_shot", "n_shot", "num_shots", "n_shots", "kshot"}, "here that is --task.shots"},
      {{"n_way", "num_ways", "n_ways", "num_classes", "nway"}, "here that is --task.ways"},
      // The machine
      {{"device", "cuda", "gpu", "gpus", "gpu_id", "use_cuda", "no_cuda", "use_gpu", "n_gpus",
        "num_gpus"},
       "there is no choice here: anole trains on the CPU, with --threads of it"},
      {{"n_envs", "num_envs", "num_env", "n_workers", "num_workers", "workers", "n_jobs", "n_proc",
        "num_processes", "nproc", "n_threads", "num_threads", "n_parallel", "n_cpus", "num_cpu",
        "num_cpus", "jobs", "cores"},
       "here that is --threads: episodes run in parallel on all of them"},
      {{"torch_deterministic", "deterministic_torch", "cudnn_deterministic"},
       "there is no need here: equal seeds give equal bits on any number of threads"},
      // Files
      {{"log_dir", "logdir", "save_dir", "savedir", "output_dir", "out_dir", "outdir", "log_path",
        "save_path", "exp_name", "experiment", "experiment_name", "run_name", "output", "name"},
       "here that is --run-dir"},
      {{"resume_from", "resume_path", "restore", "continue", "from_checkpoint", "reload"},
       "here that is --resume, with the folder of a run"},
      {{"pretrained", "load", "load_model", "load_path", "init_from", "init_checkpoint"},
       "here that is --run.initial, with a safetensors file"},
      {{"checkpoint", "ckpt", "model", "model_path", "weights", "checkpoint_path", "policy_file"},
       "here that is --theta"},
      {{"save_freq", "save_interval", "checkpoint_freq", "save_every", "checkpoint_interval",
        "snapshot_gap"},
       "here that is --run.checkpoint_every"},
      {{"log_interval", "log_freq", "logging_interval", "print_every"},
       "here that is --run.log_every"},
      {{"eval_freq", "eval_interval", "eval_every", "test_interval", "n_eval_episodes",
        "eval_episodes", "validate_every"},
       "here that is --validation.every, and `anole evaluate` after training"},
      {{"config", "cfg", "config_file", "config_path", "conf", "params"},
       "the file is given without an option: anole train CONFIG.toml"},
      {{"render", "render_mode", "visualize", "capture_video", "record_video", "video"},
       "films are made after training: anole render RUN"},
      {{"track", "wandb", "use_wandb", "wandb_project", "wandb_project_name", "wandb_entity",
        "tensorboard", "tensorboard_log", "tb_log", "tb", "csv_log"},
       "there is no need here: a run folder always holds metrics.csv and TensorBoard's events"},
      {{"verbose", "verbosity", "debug", "silent"}, "here that is --log-level or --quiet"},
      {{"eval", "test", "evaluate_only", "eval_only"},
       "that is a command here: anole evaluate RUN"},
  };
  return kTable;
}

bool IsNameLetter(char c) {
  return ('a' <= c && c <= 'z') || ('0' <= c && c <= '9') || c == '_' || c == '-' || c == '.';
}

}  // namespace

std::span<const Synonym> Synonyms() { return Table(); }

std::string_view MeaningOf(std::string_view typed) {
  constexpr std::size_t kLongest = 40;
  typed.remove_prefix(std::min(typed.find_first_not_of('-'), typed.size()));
  if (typed.size() > kLongest) return "";
  std::string name;
  for (const unsigned char c : typed) {
    name += c == '-' || c == '.' ? '_' : static_cast<char>(std::tolower(c));
  }
  for (const Synonym& synonym : Table()) {
    if (std::ranges::count(synonym.names, name) > 0) return synonym.meaning;
  }
  return "";
}

std::vector<std::string> OptionsNamedIn(std::string_view text) {
  std::vector<std::string> options;
  for (std::size_t i = text.find("--"); i != std::string_view::npos; i = text.find("--", i)) {
    std::size_t end = i + 2;
    while (end < text.size() && IsNameLetter(text[end])) ++end;
    options.emplace_back(text.substr(i, end - i));
    while (options.back().ends_with('.')) options.back().pop_back();  // of the sentence
    i = end;
  }
  return options;
}

}  // namespace anole::app
