package images

import (
	"strings"
	"testing"
)

func TestCompare(t *testing.T) {
	t.Parallel()
	one, two := "@sha256:"+strings.Repeat("1", 64), "@sha256:"+strings.Repeat("2", 64)
	for name, c := range map[string]struct {
		rendered, running string
		want              Match
	}{
		"Same":                       {"ghcr.io/acme/app:1", "ghcr.io/acme/app:1", Same},
		"OlderTag":                   {"ghcr.io/acme/app:2", "ghcr.io/acme/app:1", Differs},
		"DigestBesideTheTag":         {"ghcr.io/acme/app:1", "ghcr.io/acme/app:1" + one, Same},
		"DigestBesideAnOlderTag":     {"ghcr.io/acme/app:2", "ghcr.io/acme/app:1" + one, Differs},
		"DigestInPlaceOfTheTag":      {"ghcr.io/acme/app:1", "ghcr.io/acme/app" + one, Pinned},
		"DigestOfAnotherRepository":  {"ghcr.io/acme/app:1", "ghcr.io/acme/other" + one, Differs},
		"DigestWanted":               {"ghcr.io/acme/app" + one, "ghcr.io/acme/app" + one, Same},
		"DigestWantedBesideATag":     {"ghcr.io/acme/app:1" + one, "ghcr.io/acme/app" + one, Same},
		"AnotherDigestWanted":        {"ghcr.io/acme/app:1" + one, "ghcr.io/acme/app:1" + two, Differs},
		"DigestWantedAndATagRunning": {"ghcr.io/acme/app:1" + one, "ghcr.io/acme/app:1", Differs},
		"DockerHub":                  {"nginx:1", "docker.io/library/nginx:1", Same},
		"DockerHubOldName":           {"nginx:1", "index.docker.io/library/nginx:1", Same},
		"Latest":                     {"nginx", "docker.io/library/nginx:latest", Same},
		"LatestIsNoOtherTag":         {"nginx", "nginx:1", Differs},
		"MirrorOfTheRegistry":        {"ghcr.io/acme/app:1", "mirror.example.com:5000/acme/app:1", Same},
		"MirrorWithAPrefix":          {"ghcr.io/acme/app:1", "mirror.example.com/proxy/acme/app:1", Same},
		"MirrorOfDockerHub":          {"nginx:1", "mirror.example.com/hub/library/nginx:1", Same},
		"MirrorWithoutLibrary":       {"docker.io/nginx:1", "mirror.example.com/hub/nginx:1", Same},
		"MirrorAndDigest":            {"ghcr.io/acme/app:1", "mirror.example.com/acme/app:1" + one, Same},
		"MirrorOfAnOlderTag":         {"ghcr.io/acme/app:2", "mirror.example.com/acme/app:1", Differs},
		"EndOfAName":                 {"ghcr.io/acme/app:1", "mirror.example.com/acme/my-app:1", Differs},
		"AnotherOwner":               {"ghcr.io/acme/app:1", "ghcr.io/other/app:1", Differs},
		"PortIsNoTag":                {"localhost:5000/app:1", "localhost:5000/app:1" + one, Same},
		"Invalid":                    {"Not An Image", "not an image", Differs},
		"InvalidAlike":               {"Not An Image", "Not An Image", Same},
		"Empty":                      {"ghcr.io/acme/app:1", "", Differs},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := Compare(c.rendered, c.running); got != c.want {
				t.Errorf("matchImage(%q, %q) = %d, want %d", c.rendered, c.running, got, c.want)
			}
		})
	}
}
