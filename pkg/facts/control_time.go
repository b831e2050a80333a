package facts

import (
	"maps"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// InControlTime returns s with the times that data planes wrote converted to the time of the control plane, so that each of
// them can be compared with TakenAt. If the clocks agree to the second, or were not compared, it
// returns s.
func (s *Snapshot) InControlTime() *Snapshot {
	offsets := s.Skew.offsets()
	if len(offsets) == 0 {
		return s
	}
	converted := *s
	converted.objects, converted.Skew = maps.Clone(s.objects), maps.Clone(s.Skew)
	for ref, o := range s.objects {
		if by := offsets[ref.Plane]; by != 0 && o.Body != nil {
			o.Body = convertTimes(o.Body, by)
			converted.objects[ref] = o
		}
	}
	for plane := range offsets {
		converted.Skew[plane] = s.Skew[Control]
	}
	return &converted
}

// offsets are what to add to the times of each plane to get the control plane's, in whole seconds as most times are; without
// the planes whose clock agrees.
func (k Skew) offsets() map[Plane]time.Duration {
	offsets := map[Plane]time.Duration{}
	control, known := k[Control]
	for plane, ahead := range k {
		if by := (ahead - control).Truncate(time.Second); known && by != 0 {
			offsets[plane] = by
		}
	}
	return offsets
}

// convertTimes adds by to the times that the cluster wrote. Those of specs, labels and annotations are people's: the API server
// and controllers write theirs into metadata, status, and the top level of Events (k8s.io/api core/v1 types.go).
func convertTimes(body *unstructured.Unstructured, by time.Duration) *unstructured.Unstructured {
	object := maps.Clone(body.Object)
	for field, value := range object {
		switch field {
		case "spec", "data":
		default:
			object[field] = convertValue(value, by)
		}
	}
	return &unstructured.Unstructured{Object: object}
}

func convertValue(value any, by time.Duration) any {
	switch value := value.(type) {
	case string:
		if at, err := time.Parse(time.RFC3339, value); err == nil {
			return at.Add(by).Format(time.RFC3339Nano)
		}
	case []any:
		items := make([]any, len(value))
		for i, item := range value {
			items[i] = convertValue(item, by)
		}
		return items
	case map[string]any:
		fields := maps.Clone(value)
		for field, inner := range fields {
			if field != "labels" && field != "annotations" {
				fields[field] = convertValue(inner, by)
			}
		}
		return fields
	}
	return value
}
