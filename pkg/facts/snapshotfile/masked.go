package snapshotfile

import (
	"bytes"
	"fmt"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Mask returns s after Write and Read. So there is only one implementation of masking, and the assessment of the copy equals
// that of the file; but for the probes, which no file has.
func Mask(s *facts.Snapshot, o WriteOptions) (*facts.Snapshot, error) {
	var file bytes.Buffer
	if err := Write(&file, s, o); err != nil {
		return nil, err
	}
	masked, err := Read(&file, "the masked snapshot")
	if err != nil {
		return nil, fmt.Errorf("mask: %w", err)
	}
	masked.Probes = s.Probes
	return masked, nil
}
