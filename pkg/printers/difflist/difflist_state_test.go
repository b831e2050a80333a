package difflist_test

import (
	"io"
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/difflist"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
)

// TestDiffers: only what was compared can differ. An unknown state is no difference.
func TestDiffers(t *testing.T) {
	t.Parallel()
	for state, want := range map[difflist.State]bool{
		difflist.Changed: true, difflist.OnlyInFrom: true, difflist.OnlyInTo: true, difflist.Same: false, difflist.NotCompared: false, "": false, "Other": false,
	} {
		if got := (difflist.Object{State: state}).Differs(); got != want {
			t.Errorf("%q: %v, want %v", state, got, want)
		}
	}
}

// TestFormats: each format is printed, and no other.
func TestFormats(t *testing.T) {
	t.Parallel()
	for _, format := range difflist.Formats() {
		if err := (difflist.List{}).Print(io.Discard, format, style.Options{}); err != nil {
			t.Errorf("%s: %v", format, err)
		}
	}
	if err := (difflist.List{}).Print(io.Discard, "table", style.Options{}); err == nil || !strings.Contains(err.Error(), `"table"`) {
		t.Errorf("table: %v", err)
	}
}
