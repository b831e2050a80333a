//go:build unix && !race

package mask

import (
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestMaskTime expects that a hostile text does not take quadratic time. Ten times the text may take ten times as long, plus
// noise; a hundred times as long is quadratic. It measures CPU time, which does not depend on the load of the machine.
func TestMaskTime(t *testing.T) {
	for _, unit := range []string{"://", "://a@ ", ":", "&token", "token", "bearer ", "-----BEGIN ", "[", "{\"a\":", "eyJaaaaa.", "--a"} {
		small, large := quickest(t, unit, 10_000), quickest(t, unit, 100_000)
		if large > 40*small+500*time.Millisecond {
			t.Errorf("%q: 10 KB take %v, 100 KB take %v", unit, small, large)
		}
	}
}

// quickest returns the shortest of three runs, which has the least noise.
func quickest(t *testing.T, unit string, size int) time.Duration {
	t.Helper()
	return min(maskTime(t, unit, size), maskTime(t, unit, size), maskTime(t, unit, size))
}

func maskTime(t *testing.T, unit string, size int) time.Duration {
	t.Helper()
	text := strings.Repeat(unit, size/len(unit))
	begin := processorTime(t)
	New(false, false).Text(text)
	return processorTime(t) - begin
}

// processorTime is the CPU time of this process so far.
func processorTime(t *testing.T) time.Duration {
	t.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		t.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
