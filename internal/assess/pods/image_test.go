package pods

import (
	"strings"
	"testing"
)

func TestMatchImage(t *testing.T) {
	t.Parallel()
	one, two := "@sha256:"+strings.Repeat("1", 64), "@sha256:"+strings.Repeat("2", 64)
	for name, c := range map[string]struct {
		rendered, running string
		want              imageMatch
	}{
		"Same":                       {"ghcr.io/acme/app:1", "ghcr.io/acme/app:1", imageMatches},
		"OlderTag":                   {"ghcr.io/acme/app:2", "ghcr.io/acme/app:1", ImageDiffers},
		"DigestBesideTheTag":         {"ghcr.io/acme/app:1", "ghcr.io/acme/app:1" + one, imageMatches},
		"DigestBesideAnOlderTag":     {"ghcr.io/acme/app:2", "ghcr.io/acme/app:1" + one, ImageDiffers},
		"DigestInPlaceOfTheTag":      {"ghcr.io/acme/app:1", "ghcr.io/acme/app" + one, imagePinned},
		"DigestOfAnotherRepository":  {"ghcr.io/acme/app:1", "ghcr.io/acme/other" + one, ImageDiffers},
		"DigestWanted":               {"ghcr.io/acme/app" + one, "ghcr.io/acme/app" + one, imageMatches},
		"DigestWantedBesideATag":     {"ghcr.io/acme/app:1" + one, "ghcr.io/acme/app" + one, imageMatches},
		"AnotherDigestWanted":        {"ghcr.io/acme/app:1" + one, "ghcr.io/acme/app:1" + two, ImageDiffers},
		"DigestWantedAndATagRunning": {"ghcr.io/acme/app:1" + one, "ghcr.io/acme/app:1", ImageDiffers},
		"DockerHub":                  {"nginx:1", "docker.io/library/nginx:1", imageMatches},
		"DockerHubOldName":           {"nginx:1", "index.docker.io/library/nginx:1", imageMatches},
		"Latest":                     {"nginx", "docker.io/library/nginx:latest", imageMatches},
		"LatestIsNoOtherTag":         {"nginx", "nginx:1", ImageDiffers},
		"MirrorOfTheRegistry":        {"ghcr.io/acme/app:1", "mirror.example.com:5000/acme/app:1", imageMatches},
		"MirrorWithAPrefix":          {"ghcr.io/acme/app:1", "mirror.example.com/proxy/acme/app:1", imageMatches},
		"MirrorOfDockerHub":          {"nginx:1", "mirror.example.com/hub/library/nginx:1", imageMatches},
		"MirrorWithoutLibrary":       {"docker.io/nginx:1", "mirror.example.com/hub/nginx:1", imageMatches},
		"MirrorAndDigest":            {"ghcr.io/acme/app:1", "mirror.example.com/acme/app:1" + one, imageMatches},
		"MirrorOfAnOlderTag":         {"ghcr.io/acme/app:2", "mirror.example.com/acme/app:1", ImageDiffers},
		"EndOfAName":                 {"ghcr.io/acme/app:1", "mirror.example.com/acme/my-app:1", ImageDiffers},
		"AnotherOwner":               {"ghcr.io/acme/app:1", "ghcr.io/other/app:1", ImageDiffers},
		"PortIsNoTag":                {"localhost:5000/app:1", "localhost:5000/app:1" + one, imageMatches},
		"Invalid":                    {"Not An Image", "not an image", ImageDiffers},
		"InvalidAlike":               {"Not An Image", "Not An Image", imageMatches},
		"Empty":                      {"ghcr.io/acme/app:1", "", ImageDiffers},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := MatchImage(c.rendered, c.running); got != c.want {
				t.Errorf("matchImage(%q, %q) = %d, want %d", c.rendered, c.running, got, c.want)
			}
		})
	}
}
