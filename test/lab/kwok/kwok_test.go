package kwok

import (
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

// TestEveryFateHasAStage expects a stage for each tag that the stage pod-ready excludes: without one, the pods would stay Pending.
func TestEveryFateHasAStage(t *testing.T) {
	t.Parallel()
	documents := strings.Split(Config("/l", "/p"), "\n---\n")
	var left []string
	chosen := map[string]bool{}
	for _, text := range documents {
		var d struct {
			Kind     string
			Metadata struct{ Name string }
			Spec     struct {
				Selector struct {
					MatchExpressions []struct {
						Key, Operator string
						Values        []string
					}
				}
			}
		}
		if err := yaml.Unmarshal([]byte(text), &d); err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		for _, e := range d.Spec.Selector.MatchExpressions {
			switch {
			case !strings.Contains(e.Key, "image | split"):
			case e.Operator == "NotIn":
				left = e.Values
			default:
				chosen[e.Values[0]] = true
			}
		}
	}
	if len(left) == 0 {
		t.Fatal("no stage excludes a tag")
	}
	for _, tag := range left {
		if !chosen[tag] {
			t.Errorf("no stage for pods with tag %s", tag)
		}
	}
	if !strings.Contains(documents[len(documents)-1], "previousLogsFile: /p") {
		t.Error("the configuration has no logs of previous runs")
	}
}
