package offline

import (
	"cmp"
	"strings"

	kustomize "sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/resid"
	kyamlutils "sigs.k8s.io/kustomize/kyaml/utils"
)

// Kustomize bounds copies of a value into itself as little as its other work: a JSON patch that copies the root of an object into a field
// of it, and a replacement of "data" by itself with a delimiter, double the object each time.
const (
	// maxCopied is how large the files of a repository may become by such copies, and mayGrow how much larger they may become however
	// large they are. A repository of 64 MiB already has other worries.
	maxCopied = 64 << 20
	mayGrow   = 32
	// maxGrowth is enough for small repositories.
	maxGrowth = 4096
	// maxCopies is how many values one build may copy. More take too long to look at.
	maxCopies = 10_000
)

// growth follows the copies of one build, in the order in which kustomize makes them. The size of a value is told in the sizes of
// the objects before the build; where it is not known which kind of object is meant, it may be any.
type growth struct {
	most      float64
	copies    int
	kindsVary bool                 // a patch may change the kind of an object
	sizes     map[place]float64    // of what was copied, by where it was copied to
	added     map[[2]place]float64 // how large a value was when it was last added to another
}

// place is a value in objects of one kind; "" is any kind. The path ends with a slash.
type place struct{ kind, path string }

func newGrowth(files map[string][]byte) growth {
	total := 1
	for _, text := range files {
		total += len(text)
	}
	return growth{most: float64(min(max(maxCopied/total, mayGrow), maxGrowth)), sizes: map[place]float64{}, added: map[[2]place]float64{}}
}

// copy notes a copy, and reports whether it is one too many. adds says that it does not replace what stands there. What is added to
// the same place again, as the name of each Deployment to its image, is only counted where it has grown itself.
func (g *growth) copy(from, to place, adds bool) (exceeded bool) {
	g.copies++
	size := g.size(from)
	total := size
	if adds {
		total = max(1, g.sizes[to])
		if size > g.added[[2]place{from, to}] {
			total += size
		}
		g.added[[2]place{from, to}] = size
	}
	g.sizes[to] = max(total, g.sizes[to])
	return total > g.most || g.copies > maxCopies
}

// size is that of a value: what was copied into it counts in full, and it may be as large as what it is a part of.
func (g *growth) size(of place) float64 {
	below, around := 1.0, 1.0
	for to, size := range g.sizes {
		switch {
		case to.kind != "" && of.kind != "" && to.kind != of.kind && !g.kindsVary:
		case to.path != of.path && strings.HasPrefix(to.path, of.path):
			below += size
		case strings.HasPrefix(of.path, to.path):
			around = max(around, size)
		}
	}
	return max(below, around)
}

// kindOf is the kind that is selected; "" where it may be several. Names do not tell objects apart, as a build changes them.
func kindOf(id resid.ResId) string {
	if strings.ContainsAny(id.Kind, `.*+?()[]{}|^$\`) {
		return ""
	}
	return id.Kind
}

// fieldPath is that of a replacement, as the path of a JSON patch.
func fieldPath(field string) string {
	segments := kyamlutils.SmarterPathSplitter(cmp.Or(field, kustomize.DefaultReplacementFieldPath), ".")
	for i := range segments {
		segments[i] = strings.NewReplacer("~", "~0", "/", "~1").Replace(segments[i])
	}
	return pathOf(segments)
}

// pathOf takes all entries of a list for one: they may be named by their place, by a key, by a sign for the end, or by one for all.
func pathOf(segments []string) string {
	var text strings.Builder
	for _, segment := range segments {
		switch {
		case segment == "":
			continue
		case segment == "-", segment == "*", segment[0] == '[', strings.Trim(segment, "0123456789") == "":
			segment = "*"
		}
		text.WriteString("/" + segment)
	}
	return text.String() + "/"
}
