// Package images compares references to container images.
package images

import (
	"strings"

	"github.com/distribution/reference"
)

// Match is how the image of a container relates to the image that was rendered.
type Match uint8

const (
	// Differs is the zero value: another repository, tag or digest.
	Differs Match = iota
	// Pinned is the same repository with a digest in place of the tag. Only the registry knows which digest the tag had.
	Pinned
	// Same is the same image, perhaps pinned to a digest beside the tag, or pulled from a mirror.
	Same
)

// Compare compares references as the kubelet reads them (Kubernetes v1.36 pkg/util/parsers/parsers.go). Admission
// rewrites references: it adds the digest or puts it in place of the tag, and it puts a mirror before the repository.
func Compare(rendered, running string) Match {
	if rendered == running {
		return Same
	}
	want, errWant := reference.ParseNormalizedNamed(rendered)
	have, errHave := reference.ParseNormalizedNamed(running)
	if errWant != nil || errHave != nil {
		return Differs
	}
	wantTag, wantDigest := tagAndDigest(want)
	haveTag, haveDigest := tagAndDigest(have)
	switch {
	case wantDigest != "":
		return matchIf(wantDigest == haveDigest) // a digest names the content, wherever it is pulled from
	case !sameRepository(want, have):
		return Differs
	case haveTag == "":
		return Pinned
	}
	return matchIf(wantTag == haveTag)
}

func matchIf(same bool) Match {
	if same {
		return Same
	}
	return Differs
}

// tagAndDigest are empty where the reference has none. The tag of a reference without either is latest.
func tagAndDigest(image reference.Named) (tag, digest string) {
	image = reference.TagNameOnly(image)
	if tagged, ok := image.(reference.Tagged); ok {
		tag = tagged.Tag()
	}
	if digested, ok := image.(reference.Digested); ok {
		digest = digested.Digest().String()
	}
	return tag, digest
}

// sameRepository also accepts a mirror: it keeps the repository's path, below a prefix of its own, and may keep the
// registry's name in it. The official images of Docker Hub stand there with or without "library".
func sameRepository(want, have reference.Named) bool {
	path, at := reference.Path(want), "/"+reference.Path(have)
	official := ""
	if reference.Domain(want) == "docker.io" {
		official = strings.TrimPrefix(path, "library/")
	}
	return want.Name() == have.Name() || strings.HasSuffix(at, "/"+path) || official != "" && strings.HasSuffix(at, "/"+official)
}
