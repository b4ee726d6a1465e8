"""What auditors ask of cases, decisions and the log; each question is bounded, and says when it looked at no more."""
