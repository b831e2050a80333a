package lint

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/suppress"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/lint"
)

// maxSettings exceeds the size of any settings file.
const maxSettings = 1 << 20

// readSettings reads the settings in the root of a repository. A missing file is no error. The file must be in the repository: a
// symbolic link could lead anywhere on this machine.
func readSettings(dir string) (*suppress.Settings, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return &suppress.Settings{}, nil // loading the checkout reports the error
	}
	defer func() { _ = root.Close() }()
	info, err := root.Lstat(suppress.SettingsFile)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return &suppress.Settings{}, nil
	case err != nil:
		return nil, fmt.Errorf("read %s: %w", suppress.SettingsFile, err)
	case !info.Mode().IsRegular() || info.Size() > maxSettings:
		return nil, fmt.Errorf("read %s: it is no regular file of at most 1 MiB", suppress.SettingsFile)
	}
	text, err := root.ReadFile(suppress.SettingsFile)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", suppress.SettingsFile, err)
	}
	return suppress.ParseSettings(suppress.SettingsFile, text)
}

// readBaseline returns nil without --baseline, and where it is to be written.
func (o *options) readBaseline() (*suppress.Baseline, error) {
	if o.baseline == "" || o.updateBaseline {
		return nil, nil
	}
	text, err := os.ReadFile(o.baseline)
	if err != nil {
		return nil, fmt.Errorf("read the baseline: %w; write it with --update-baseline", err)
	}
	return suppress.ParseBaseline(o.baseline, inside(o.dir, o.baseline), text)
}

// inside returns the path of a file from a folder, or "" if it is outside.
func inside(dir, file string) string {
	absoluteDir, err := filepath.Abs(dir)
	if err != nil {
		return ""
	}
	absoluteFile, err := filepath.Abs(file)
	if err != nil {
		return ""
	}
	rel, err := filepath.Rel(absoluteDir, absoluteFile)
	if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return ""
	}
	return filepath.ToSlash(rel)
}

// writeBaseline writes the findings that remain, and returns the baseline.
func (o *options) writeBaseline(found []lint.Finding) (*suppress.Baseline, error) {
	b := suppress.NewBaseline(found)
	text, err := b.Bytes()
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(o.baseline, text, 0o644); err != nil {
		return nil, fmt.Errorf("write the baseline: %w", err)
	}
	_, _ = fmt.Fprintf(o.streams.Err, "baseline %s written, findings: %d\n", o.baseline, b.Len())
	return b, nil
}
