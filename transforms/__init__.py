"""What the pipeline does: verb files hold Beam, noun files pure functions."""
