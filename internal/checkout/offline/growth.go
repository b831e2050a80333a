package offline

import (
	"cmp"
	"strings"

	kustomize "sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/resid"
	kyamlutils "sigs.k8s.io/kustomize/kyaml/utils"
)

// Kustomize has no limit for copies of a value into itself. A JSON patch that copies the root of an object into one of its fields
// doubles the object each time. So does a replacement of "data" with itself and a delimiter.
const (
	// maxCopied is the size to which the files of a repository may grow by such copies. mayGrow is the minimum growth factor for all
	// repositories, including those larger than 64 MiB.
	maxCopied = 64 << 20
	mayGrow   = 32
	// maxGrowth is the maximum growth factor for small repositories.
	maxGrowth = 4096
	// maxCopies is the number of values that one build may copy. More take too long to check.
	maxCopies = 10_000
)

// growth tracks the copies of one build, in kustomize's order. The unit of a size is the size of an object before the build. If
// the kind of an object is not known, it may be any kind.
type growth struct {
	most      float64
	copies    int
	kindsVary bool                 // a patch may change the kind of an object
	sizes     map[place]float64    // of copied values, by target
	added     map[[2]place]float64 // the size of a value when it was last added to another
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

// copy records a copy and reports whether a limit is exceeded. adds means that the copy does not replace the old value. A
// repeated addition to the same place, such as the name of each Deployment to its image, counts only if the source has grown.
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

// size returns the size of a value. Values that were copied into it count in full. It may be as large as the value that contains
// it.
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

// kindOf returns the selected kind, or "" if there may be several. Names do not identify objects, because a build changes them.
func kindOf(id resid.ResId) string {
	if strings.ContainsAny(id.Kind, `.*+?()[]{}|^$\`) {
		return ""
	}
	return id.Kind
}

// fieldPath converts the field path of a replacement to the path of a JSON patch.
func fieldPath(field string) string {
	segments := kyamlutils.SmarterPathSplitter(cmp.Or(field, kustomize.DefaultReplacementFieldPath), ".")
	for i := range segments {
		segments[i] = strings.NewReplacer("~", "~0", "/", "~1").Replace(segments[i])
	}
	return pathOf(segments)
}

// pathOf treats all entries of a list as one. A segment may be an index, a key, the sign for the end, or the wildcard.
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
