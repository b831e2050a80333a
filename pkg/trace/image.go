package trace

import "strings"

// ImageName is the image without its registry and path, and with its tag or else the beginning of its digest.
func ImageName(image string) string {
	name, digest, pinned := strings.Cut(image[strings.LastIndex(image, "/")+1:], "@")
	if !pinned || digest == "" || strings.Contains(name, ":") {
		return name
	}
	algorithm, hex, _ := strings.Cut(digest, ":")
	return name + "@" + algorithm + ":" + hex[:min(len(hex), shortDigest)]
}

// shortDigest is how much of a digest is shown: as much as container tools show.
const shortDigest = 12
