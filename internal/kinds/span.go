package kinds

import (
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/labels"
)

// SpansComponents reports whether selectors select objects of several components. Who knows those of the RenderedReleases that
// were read cannot tell whether such a list is complete.
func SpansComponents(byLabel labels.Selector, byField fields.Selector) bool {
	requirements, _ := byLabel.Requirements()
	for _, r := range requirements {
		if r.Key() == LabelComponent || r.Key() == LabelRenderedReleaseUID {
			return r.Values().Len() > 1
		}
	}
	return len(requirements) == 0 && byField.Empty()
}
