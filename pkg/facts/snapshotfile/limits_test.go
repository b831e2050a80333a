package snapshotfile

import (
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// endless repeats a text indefinitely with one copy in memory.
type endless struct {
	text string
	at   int
}

func (e *endless) Read(p []byte) (int, error) {
	n := copy(p, e.text[e.at:])
	e.at = (e.at + n) % len(e.text)
	return n, nil
}

// TestReadIsBounded reads endless files: Read must reject each with little memory.
func TestReadIsBounded(t *testing.T) {
	cases := map[string]struct {
		before, forever string
		want            string
	}{
		"Sparse":       {"", "\x00", "line 1: not text: a zero byte"},
		"SparseTail":   {header, "\x00", "line 5: not text: a zero byte"},
		"OneLine":      {"", "a", "line 1: a document larger than 4 MiB"},
		"Lines":        {"", "a: b\n", "line 838861: a document larger than 4 MiB"},
		"Brackets":     {header + "---\n", "[", "line 6: a document larger than 4 MiB"},
		"Values":       {header + "---\nref: [", "1,", "line 6: a document larger than 4 MiB"},
		"EmptyLines":   {header + "...\n", "\n", "larger than 1 MiB"},
		"Comments":     {"", "---\n# nothing\n", "larger than 1 MiB"},
		"Documents":    {header, "---\na: b\n", "line 6: want a document with ref, query or log"},
		"SameDocument": {header, "---\n" + pod + "object: {}\n", "Pod default/a twice"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			limits := standard()
			if strings.HasPrefix(tc.want, "larger") {
				limits.file = 1 << 20 // reading up to the limit of the whole file takes seconds
			}
			in := io.MultiReader(strings.NewReader(tc.before), &endless{text: tc.forever})
			var s *facts.Snapshot
			var err error
			spent := allocated(func() { s, err = readAll(newDocuments(in, limits)) })
			if s != nil || err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("readAll(…): want error %q, got %v", tc.want, err)
			}
			if most := uint64(64 << 20); spent > most {
				t.Errorf("readAll(…) allocated %d MiB, want at most %d", spent>>20, most>>20)
			}
		})
	}
}

// TestReadCostOfOneDocument measures the most expensive document that Read accepts.
func TestReadCostOfOneDocument(t *testing.T) {
	for name, unit := range map[string]string{"Numbers": "1,", "Pairs": "a: b,", "Maps": "{a},"} {
		t.Run(name, func(t *testing.T) {
			many := strings.Repeat(unit, (standard().nodes-20)/countNodes([]byte(unit)))
			file := header + "---\n" + pod + "object: {a: [" + many + "]}\n...\n"
			if spent := allocated(func() { read(t, file) }); spent > 512<<20 {
				t.Errorf("Read allocated %d MiB for one document", spent>>20)
			}
		})
	}
}

func TestReadDocumentLimits(t *testing.T) {
	limits := standard()
	limits.documents = 3
	object := "---\nref: {plane: control, kind: Pod, name: a%d}\noutcome: Absent\n"
	file := header + fmt.Sprintf(object+object+object, 1, 2, 3) + "...\n"
	_, err := readAll(newDocuments(strings.NewReader(file), limits))
	if err == nil || !strings.Contains(err.Error(), "line 12: more than 3 documents") {
		t.Errorf("readAll of four documents: want a limit of 3, got %v", err)
	}
}

// allocated returns the total allocation of f, retained or not: more than its peak, but more stable.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}
