package offline

import (
	"strings"
	"testing"
)

func TestAliased(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		want int
	}{
		"NoAlias":         {"a: [1, 2]\n", 0},
		"OnlyAnchors":     {"a: &a [1, 2]\nb: &b 1\n", 0},
		"OnlyStars":       {"a: \"* * *\"\n", 0},
		"Scalar":          {"a: &a 1\nb: *a\n", 1},
		"List":            {"a: &a [1, 2]\nb: *a\n", 3},
		"ListTwice":       {"a: &a [1, 2]\nb: [*a, *a]\n", 6},
		"ListOfLists":     {"a: &a [1, 2]\nb: &b [*a, *a]\nc: *b\n", 13},
		"SecondDocument":  {"a: &a 1\n---\na: &a [1, 2]\nb: *a\n", 3},
		"TwoDocuments":    {"a: &a 1\nb: *a\n---\na: &a [1, 2]\nb: *a\n", 4},
		"InsideAValue":    {"patch: |\n  a: &a [1, 2]\n  b: *a\n", 3},
		"InsideOneLine":   {"patch: \"{a: &a [1, 2], b: *a}\"\n", 0},
		"BeforeTheError":  {"a: &a 1\nb: *a\n---\n[\n", 1},
		"WithinItsAnchor": {"a: &a [*a]\n", maxAliased + 1},
	} {
		if got := aliased([]byte(c.text)); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

// manyAliases returns YAML whose aliases add 1,001 values each.
func manyAliases(n int) []byte {
	return []byte("a: &a [" + strings.TrimSuffix(strings.Repeat("x,", 1000), ",") + "]\nb: [" + strings.TrimSuffix(strings.Repeat("*a,", n), ",") + "]\n")
}

// TestExceededBy adds each file to what a build has read before.
func TestExceededBy(t *testing.T) {
	t.Parallel()
	const (
		read    = "k was not read: this build would read more than 256 MiB"
		expands = "k was not read: YAML aliases would expand to more than 400000 values"
		again   = "k was not built: this build would include kustomizations more than 2000 times again"
	)
	seen := map[string]bool{"k": true}
	for name, c := range map[string]struct {
		before          bounds
		text            []byte
		isKustomization bool
		want            string
	}{
		"LastByte":          {bounds{bytes: maxRead - 3}, []byte("abc"), false, ""},
		"OneByteMore":       {bounds{bytes: maxRead - 3}, []byte("abcd"), false, read},
		"AliasesOfOneFile":  {bounds{}, manyAliases(399), false, ""},
		"AliasesOfTwoFiles": {bounds{aliased: 200_000}, manyAliases(200), false, expands},
		"LastInclusion":     {bounds{rebuilt: maxRebuilt - 1, read: seen}, nil, true, ""},
		"OneInclusionMore":  {bounds{rebuilt: maxRebuilt, read: seen}, nil, true, again},
		"FirstInclusion":    {bounds{rebuilt: maxRebuilt, read: map[string]bool{"other": true}}, nil, true, ""},
		"FileReadAgain":     {bounds{rebuilt: maxRebuilt, read: seen}, nil, false, ""},
	} {
		if got := c.before.exceededBy("k", c.text, c.isKustomization); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	b := bounds{read: map[string]bool{}}
	for range 3 {
		b.exceededBy("k", []byte("ab"), true)
	}
	b.exceededBy("a.yaml", manyAliases(1), false)
	if b.rebuilt != 2 || b.aliased != 1001 || b.bytes != 6+len(manyAliases(1)) {
		t.Errorf("%d rebuilt, %d aliased, %d bytes", b.rebuilt, b.aliased, b.bytes)
	}
}
