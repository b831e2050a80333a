package snapshotfile

import (
	"bytes"
	"fmt"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Mask is s as somebody else sees it: what Write and Read make of it. So there is one way in which values are hidden, and
// what is judged of the copy is what would be judged of the file.
func Mask(s *facts.Snapshot, o WriteOptions) (*facts.Snapshot, error) {
	var file bytes.Buffer
	if err := Write(&file, s, o); err != nil {
		return nil, err
	}
	masked, err := Read(&file, "the masked snapshot")
	if err != nil {
		return nil, fmt.Errorf("mask: %w", err)
	}
	return masked, nil
}
