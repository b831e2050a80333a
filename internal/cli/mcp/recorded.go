package mcp

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"
	"k8s.io/utils/lru"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/notfound"
	"github.com/kubectl-choreo/kubectl-choreo/internal/mcp/tool"
	"github.com/kubectl-choreo/kubectl-choreo/internal/suggest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts/snapshotfile"
)

const (
	// mostStates limits the files of a folder.
	mostStates = 2000
	// keptInMemory is how many snapshots stay in memory: one takes a few MB.
	keptInMemory = 16
)

// recorded is the host that reads recorded states.
type recorded struct {
	commands

	path   string // of --snapshot
	states []tool.State
	files  map[string]string // by the name of a state
	cache  *lru.Cache        // masked snapshots by the name of a state; nothing changes them
}

// newRecorded reads each file once, so that what is invalid is reported at the start.
func newRecorded(ctx context.Context, path string, c commands) (*recorded, error) {
	h := &recorded{commands: c, path: path, files: map[string]string{}, cache: lru.New(keptInMemory)}
	files, err := snapshotFiles(path)
	if err != nil {
		return nil, err
	}
	states := make([]tool.State, len(files))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, file := range files {
		group.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			s, err := readFile(file)
			if err != nil {
				return err
			}
			states[i] = tool.State{Name: stateName(path, file), Subject: s.Subject}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	for i, s := range states {
		if other, taken := h.files[s.Name]; taken {
			return nil, fmt.Errorf("snapshots %s and %s have the same name %s: rename one of them", other, files[i], s.Name)
		}
		h.files[s.Name] = files[i]
	}
	h.states = states
	return h, nil
}

// snapshotFiles are the file, or those of a folder with the endings of YAML that are snapshots.
func snapshotFiles(path string) ([]string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("cannot open snapshot: %w", err)
	}
	if !info.IsDir() {
		return []string{path}, nil
	}
	var files []string
	err = filepath.WalkDir(path, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() || filepath.Ext(name) != ".yaml" {
			return err
		}
		if is, err := isSnapshot(name); err != nil || !is {
			return err
		}
		if files = append(files, name); len(files) > mostStates {
			return fmt.Errorf("more than %d snapshots in %s", mostStates, path)
		}
		return nil
	})
	switch {
	case err != nil:
		return nil, fmt.Errorf("cannot read the folder of snapshots: %w", err)
	case len(files) == 0:
		return nil, fmt.Errorf("no snapshots in %s: a snapshot ends in .yaml and is written by kubectl choreo snapshot", path)
	}
	return files, nil
}

// isSnapshot reports whether the head of a file is that of a snapshot.
func isSnapshot(name string) (bool, error) {
	f, err := os.Open(name)
	if err != nil {
		return false, err
	}
	defer func() { _ = f.Close() }()
	head := make([]byte, 256)
	n, _ := f.Read(head) // an empty file is none
	return strings.Contains(string(head[:n]), "kind: Snapshot"), nil
}

// stateName is the path of a file below the folder, without its ending; that of a file snapshot.yaml is its folder.
func stateName(path, file string) string {
	rel, err := filepath.Rel(path, file)
	if err != nil || rel == "." {
		rel = filepath.Base(file)
	}
	rel = strings.TrimSuffix(filepath.ToSlash(rel), ".yaml")
	return strings.ReplaceAll(cmp.Or(strings.TrimSuffix(rel, "/snapshot"), rel), "/", ".")
}

func readFile(name string) (*facts.Snapshot, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("cannot open snapshot: %w", err)
	}
	defer func() { _ = f.Close() }()
	return snapshotfile.Read(f, name)
}

// States are the recorded states.
func (h *recorded) States() []tool.State { return h.states }

// Place is the file or the folder.
func (h *recorded) Place() string { return "the recorded states in " + h.path }

// state finds a state by its name, or by its component.
func (h *recorded) state(name, component string) (tool.State, error) {
	var found []tool.State
	var names []string
	for _, s := range h.states {
		names = append(names, s.Name)
		if (name == "" || s.Name == name) && (component == "" || s.Subject.Component == component) {
			found = append(found, s)
		}
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		return tool.State{}, fmt.Errorf("%d recorded states fit: name one with snapshot, such as %s; the resource choreo://snapshots has all", len(found), found[0].Name)
	case name != "" && !slices.Contains(names, name):
		return tool.State{}, fmt.Errorf("no recorded state %q%s", name, suggest.DidYouMean(names, name))
	case name != "":
		return tool.State{}, fmt.Errorf("recorded state %s is not about component %q", name, component)
	}
	var all []string
	for _, s := range h.states {
		all = append(all, s.Subject.Component)
	}
	slices.Sort(all)
	return tool.State{}, fmt.Errorf("no recorded state of component %q%s", component, suggest.DidYouMean(slices.Compact(all), component))
}

// snapshot returns a masked snapshot, which is shared and must not be changed.
func (h *recorded) snapshot(s tool.State) (*facts.Snapshot, error) {
	if known, ok := h.cache.Get(s.Name); ok {
		return known.(*facts.Snapshot), nil
	}
	read, err := readFile(h.files[s.Name])
	if err != nil {
		return nil, err
	}
	masked, err := snapshotfile.Mask(read, snapshotfile.WriteOptions{Logs: true})
	if err != nil {
		return nil, err
	}
	h.cache.Add(s.Name, masked)
	return masked, nil
}

// Read reads the state of a query.
func (h *recorded) Read(ctx context.Context, q tool.Query) (tool.Reading, error) {
	component, object := q.Name, ""
	if kind, name, isObject := strings.Cut(q.Name, "/"); isObject {
		component, object = "", kind+"/"+name
	}
	if q.Revision != "" {
		return tool.Reading{}, errors.New("a recorded state has the revision of its time: call the tool without revision")
	}
	state, err := h.state(q.State, component)
	if err != nil {
		return tool.Reading{}, err
	}
	if err := ctx.Err(); err != nil {
		return tool.Reading{}, err
	}
	shared, err := h.snapshot(state)
	if err != nil {
		return tool.Reading{}, err
	}
	s := *shared
	if len(q.Environments) > 0 {
		s.Subject.Environments = q.Environments
	}
	if object != "" {
		if s.Subject.Object, err = objectIn(&s, object); err != nil {
			return tool.Reading{}, err
		}
	}
	if err := notfound.Subject(&s); err != nil {
		return tool.Reading{}, err
	}
	return tool.Reading{Snapshot: &s, Trace: assess.Assess(&s, s.TakenAt)}, nil
}
