package drift

import (
	"fmt"
	"reflect"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/kubectl-choreo/kubectl-choreo/internal/images"
)

// sameValue: the same image, number, quantity or duration may be written in several forms.
func (c comparison) sameValue(path string, want, have any) bool {
	if reflect.DeepEqual(want, have) {
		return true
	}
	a, textA := want.(string)
	b, textB := have.(string)
	if textA && textB && strings.HasSuffix(path, ".image") {
		return images.Compare(a, b) != images.Differs
	}
	return !c.typed && (sameQuantity(want, have) || textA && textB && sameDuration(a, b))
}

func sameQuantity(want, have any) bool {
	a, errA := resource.ParseQuantity(fmt.Sprint(want))
	b, errB := resource.ParseQuantity(fmt.Sprint(have))
	return errA == nil && errB == nil && a.Cmp(b) == 0
}

func sameDuration(want, have string) bool {
	a, errA := time.ParseDuration(want)
	b, errB := time.ParseDuration(have)
	return errA == nil && errB == nil && a == b
}
