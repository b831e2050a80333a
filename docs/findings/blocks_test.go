package findings

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestBlocks: a page in its parts. A line goes on until a blank one, a heading or an item.
func TestBlocks(t *testing.T) {
	t.Parallel()
	got := Blocks("# Code\n\nOne\nparagraph.\n\n- An item\n  of `two` lines.\n- Another.\n\n## Fix\nText.\n\n```sh\nkubectl get pods\nflux get all\n```\n```\nopen")
	want := []Block{
		{Heading, "Code", nil},
		{Paragraph, "One paragraph.", nil},
		{Item, "An item of `two` lines.", nil},
		{Item, "Another.", nil},
		{Heading, "Fix", nil},
		{Paragraph, "Text.", nil},
		{Commands, "", []string{"kubectl get pods", "flux get all"}},
		{Commands, "", []string{"open"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
