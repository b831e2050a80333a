package html

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCommandsHeading(t *testing.T) {
	t.Parallel()
	got := []string{commandsHeading(0, ""), commandsHeading(0, "as administrator:"), commandsHeading(1, ""), commandsHeading(1, "in the Git repository:")}
	want := []string{"Next:", "Next, as administrator:", "As application developer:", "In the Git repository:"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestWords: spaces stay as they are, and what is too long for a line may be broken.
func TestWords(t *testing.T) {
	t.Parallel()
	const long = "kustomizations-with-a-long-name"
	want := []htmlWord{{"flux", false}, {"", false}, {"-n", true}, {"a-b", true}, {long, false}, {"--wait", true}}
	if diff := cmp.Diff(want, words("flux  -n a-b "+long+" --wait")); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
