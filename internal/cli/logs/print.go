package logs

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/escape"
)

// longestLine is how much of a line is held: a longer one is broken.
const longestLine = 1 << 20

// printer writes logs, of which several may be under way.
type printer struct {
	out      io.Writer
	escaped  bool // for a terminal, on which a log must not move the cursor
	prefixed bool

	mu sync.Mutex
}

// print writes a log until it ends. One that is neither escaped nor prefixed stays as it is.
func (p *printer) print(s source, log io.Reader) error {
	if !p.escaped && !p.prefixed {
		if _, err := io.Copy(p.out, log); err != nil {
			return fmt.Errorf("print log: %w", err)
		}
		return nil
	}
	lines := bufio.NewReaderSize(log, longestLine)
	for {
		line, err := lines.ReadSlice('\n')
		if len(line) > 0 {
			if err := p.printLine(s, line); err != nil {
				return err
			}
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil && !errors.Is(err, bufio.ErrBufferFull):
			return fmt.Errorf("read log: %w", err)
		}
	}
}

// printLine writes a line whole, so that those of several logs stay apart. The prefix is that of kubectl logs --prefix.
func (p *printer) printLine(s source, line []byte) error {
	text := string(line)
	if text[len(text)-1] == '\n' {
		text = text[:len(text)-1]
	}
	if p.escaped {
		text = escape.Log(text)
	}
	if p.prefixed {
		text = "[pod/" + s.pod.Ref.Name + "/" + s.name + "] " + text
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, err := io.WriteString(p.out, text+"\n"); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	return nil
}
