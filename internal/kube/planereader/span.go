package planereader

import (
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
)

// SpansComponents reports whether selectors select objects of several components. A Reader that knows those of the RenderedReleases that it
// has noted cannot tell whether such a list is complete.
func SpansComponents(byLabel labels.Selector, byField fields.Selector) bool {
	requirements, _ := byLabel.Requirements()
	for _, r := range requirements {
		if r.Key() == kinds.LabelComponent || r.Key() == kinds.LabelRenderedReleaseUID {
			return r.Values().Len() > 1
		}
	}
	return len(requirements) == 0 && byField.Empty()
}
