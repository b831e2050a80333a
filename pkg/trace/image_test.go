package trace

import (
	"strings"
	"testing"
)

func TestImageName(t *testing.T) {
	t.Parallel()
	digest := "@sha256:" + strings.Repeat("1", 64)
	for image, want := range map[string]string{
		"ghcr.io/acme/app:1":          "app:1",
		"localhost:5000/app":          "app",
		"ghcr.io/acme/app:1" + digest: "app:1",
		"ghcr.io/acme/app" + digest:   "app@sha256:111111111111",
		"app@":                        "app",
		"":                            "",
	} {
		if got := ImageName(image); got != want {
			t.Errorf("imageName(%q) = %q, want %q", image, got, want)
		}
	}
}
