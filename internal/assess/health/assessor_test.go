package health

import (
	"reflect"
	"testing"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
)

func TestAssessorOf(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		kind schema.GroupKind
		same schema.GroupKind // a kind with the same assessor
		like bool
	}{
		"ItsOwn":                  {schema.GroupKind{Group: kinds.Apps, Kind: "Deployment"}, schema.GroupKind{Group: kinds.Apps, Kind: "StatefulSet"}, false},
		"ThatOfItsGroup":          {schema.GroupKind{Group: kinds.KEDA, Kind: "ScaledJob"}, schema.GroupKind{Group: kinds.KEDA, Kind: "ScaledObject"}, true},
		"ItsOwnAndNoneOfTheGroup": {schema.GroupKind{Group: kinds.KEDA, Kind: "TriggerAuthentication"}, schema.GroupKind{Group: kinds.KEDA, Kind: "ScaledObject"}, false},
		"UnknownKind":             {schema.GroupKind{Group: kinds.Apps, Kind: "ControllerRevision"}, schema.GroupKind{Group: "example.com", Kind: "Gadget"}, true},
		"KindOfAnotherGroup":      {schema.GroupKind{Group: "example.com", Kind: "Deployment"}, schema.GroupKind{Group: kinds.Apps, Kind: "Deployment"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, other := pointer(assessorOf(c.kind)), pointer(assessorOf(c.same))
			if (got == other) != c.like {
				t.Errorf("the assessors of %s and %s are the same: %t, want %t", c.kind, c.same, got == other, c.like)
			}
		})
	}
}

// pointer tells functions apart, which cannot be compared.
func pointer(a assessor) uintptr { return reflect.ValueOf(a).Pointer() }
