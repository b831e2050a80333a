package verify

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
)

var lineNumber = regexp.MustCompile(`\bline (\d{1,7})\b`)

// Place is the file of the repository that a reason blames, and the line in it; "" and 0 where none is known. A clone knows the
// file for sure; else the words of the applier may give the way to it from the root.
func (r Reason) Place() (file string, line int) {
	for _, e := range r.Evidence {
		if path, found := strings.CutPrefix(e.Path, "git "); found {
			file = path
			break
		}
		if named, fromRoot := kinds.NamedFile(e.Value); fromRoot {
			file = named
		}
	}
	if m := lineNumber.FindStringSubmatch(r.Message); m != nil && file != "" {
		line, _ = strconv.Atoi(m[1])
	}
	return file, line
}
