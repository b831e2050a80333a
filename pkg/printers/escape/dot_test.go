package escape

import (
	"testing"
)

func TestDOTShowsWhatWasSaid(t *testing.T) {
	t.Parallel()
	if got, want := DOT(`a "b" \N &lt; c`), `a \"b\" \\N &amp;lt; c`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
