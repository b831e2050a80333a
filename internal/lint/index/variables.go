package index

import (
	"regexp"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

var (
	variable    = regexp.MustCompile(`\$\{[^{}]*\}`)
	withDefault = regexp.MustCompile(`^\$\{\w+:?[-=](.*)\}$`)
)

// openNames holds what the names of objects may become whose variables have no known value.
type openNames map[facts.Ref][]*regexp.Regexp // by kind and namespace

// add records an object, if its name has a variable. A variable with a default is taken to have it.
func (n openNames) add(r facts.Ref) {
	if !strings.Contains(r.Name, "${") {
		return
	}
	text, last := "", 0
	for _, at := range variable.FindAllStringIndex(r.Name, -1) {
		text += regexp.QuoteMeta(r.Name[last:at[0]])
		if m := withDefault.FindStringSubmatch(r.Name[at[0]:at[1]]); m != nil {
			text += regexp.QuoteMeta(m[1])
		} else {
			text += ".*"
		}
		last = at[1]
	}
	pattern, err := regexp.Compile("^" + text + regexp.QuoteMeta(r.Name[last:]) + "$")
	if r.Name = ""; err == nil {
		n[r] = append(n[r], pattern)
	}
}

// mayBe reports whether one of the objects may have a name.
func (n openNames) mayBe(r facts.Ref) bool {
	name := r.Name
	r.Name = ""
	return slices.ContainsFunc(n[r], func(pattern *regexp.Regexp) bool { return pattern.MatchString(name) })
}
