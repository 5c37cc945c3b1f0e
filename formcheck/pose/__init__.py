"""From pictures to landmarks, by MediaPipe's pose landmarker."""
