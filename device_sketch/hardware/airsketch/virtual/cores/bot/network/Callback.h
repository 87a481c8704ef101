// A stored function or lambda, without the compile time of <functional>.
#pragma once

namespace bot {

template <typename Signature>
class Callback;

// Stores anything that can be called with these arguments; empty until assigned.
template <typename... Arguments>
class Callback<void(Arguments...)> {
 public:
  Callback() = default;
  Callback(decltype(nullptr)) {}
  template <typename Function>
  Callback(Function function) : target_(new Held<Function>(function)) {}
  Callback(const Callback&) = delete;
  Callback(Callback&& other) noexcept : target_(other.target_) { other.target_ = nullptr; }
  ~Callback() { delete target_; }
  Callback& operator=(const Callback&) = delete;
  Callback& operator=(Callback&& other) noexcept {
    Target* const taken = other.target_;
    other.target_ = nullptr;
    delete target_;
    target_ = taken;
    return *this;
  }

  void operator()(Arguments... arguments) const {
    if (target_) target_->call(arguments...);
  }

 private:
  struct Target {
    virtual ~Target() = default;
    virtual void call(Arguments... arguments) = 0;
  };
  template <typename Function>
  struct Held final : Target {
    explicit Held(Function held) : function(held) {}
    void call(Arguments... arguments) override { function(arguments...); }
    Function function;
  };

  Target* target_ = nullptr;
};

}  // namespace bot
