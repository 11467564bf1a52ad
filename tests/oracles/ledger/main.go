// Command ledger judges an evidence log with Go's own sumdb/tlog and sumdb/note, which the ledger was
// not written with:
//
//	ledger LOG KEYS [PROOFS]
//
// LOG is a log's folder (C2SP tlog-tiles), KEYS a file of verifier keys, one a line, and PROOFS a
// JSON file of proofs that the ledger made. It checks every checkpoint's note, reads every tile
// through tlog.TileHashReader, rebuilds the root from the entry bundles, and proves and checks every
// record and every earlier checkpoint.
package main

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	height = 8
	width  = 1 << height
)

// A head is the text of a checkpoint (C2SP tlog-checkpoint).
type head struct {
	origin string
	size   int64
	root   tlog.Hash
}

// A proofs file holds what the ledger proves about itself.
type proofs struct {
	Records []struct {
		Index int64
		Leaf  []byte
		Path  []tlog.Hash
	}
	Trees []struct {
		Size int64
		Root tlog.Hash
		Path []tlog.Hash
	}
}

// tiles reads the tiles of a log's folder.
type tiles struct{ folder string }

func (t tiles) Height() int { return height }

func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range wanted {
		data, err := t.read(fmt.Sprint(tile.L), tile.N, int64(tile.W))
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

func (t tiles) SaveTiles([]tlog.Tile, [][]byte) {}

// read returns the tile, or the beginning of the full one that took a partial one's place.
func (t tiles) read(level string, n, w int64) ([]byte, error) {
	index := fmt.Sprintf("%03d", n%1000)
	for n /= 1000; n > 0; n /= 1000 {
		index = fmt.Sprintf("x%03d/%s", n%1000, index)
	}
	path := filepath.Join(t.folder, "tile", level, filepath.FromSlash(index))
	if w == width {
		return os.ReadFile(path)
	}
	data, err := os.ReadFile(filepath.Join(path+".p", fmt.Sprint(w)))
	if err != nil {
		if data, err = os.ReadFile(path); err == nil && level != "entries" {
			data = data[:w*tlog.HashSize]
		}
	}
	return data, err
}

func main() {
	if len(os.Args) < 3 {
		fail("usage: ledger LOG KEYS [PROOFS]")
	}
	log := tiles{os.Args[1]}
	newest := open(filepath.Join(log.folder, "checkpoint"), keys(os.Args[2]))
	tree := tlog.Tree{N: newest.size, Hash: newest.root}
	reader := tlog.TileHashReader(tree, log)

	checkRecords(log, newest, reader)
	count := checkKept(log.folder, keys(os.Args[2]), newest, reader)
	proven := 0
	if len(os.Args) > 3 {
		proven = checkProofs(os.Args[3], newest)
	}
	fmt.Printf("go: %d records, %d earlier checkpoints, %d of the ledger's proofs hold\n", newest.size, count, proven)
}

// checkRecords rebuilds the tree from the entries and proves each of them from the tiles.
func checkRecords(log tiles, newest head, reader tlog.HashReader) {
	var stored []tlog.Hash
	rebuilt := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		var hashes []tlog.Hash
		for _, index := range indexes {
			hashes = append(hashes, stored[index])
		}
		return hashes, nil
	})
	for index := int64(0); index < newest.size; {
		w := min(newest.size-index, width)
		bundle, err := log.read("entries", index/width, w)
		check("entry bundle", err)
		for end := index + w; index < end; index++ {
			length := int(binary.BigEndian.Uint16(bundle))
			entry := bundle[2 : 2+length]
			bundle = bundle[2+length:]
			hashes, err := tlog.StoredHashes(index, entry, rebuilt)
			check("stored hashes", err)
			stored = append(stored, hashes...)
			proof, err := tlog.ProveRecord(newest.size, index, reader)
			check(fmt.Sprintf("proof of record %d", index), err)
			err = tlog.CheckRecord(proof, newest.size, newest.root, index, tlog.RecordHash(entry))
			check(fmt.Sprintf("record %d", index), err)
		}
		if len(bundle) != 0 {
			fail("an entry bundle holds too much")
		}
	}
	root, err := tlog.TreeHash(newest.size, rebuilt)
	check("root", err)
	if root != newest.root {
		fail("the root over the entries is not the checkpoint's")
	}
}

// checkKept checks each earlier checkpoint's note, and that it is the beginning of the newest.
func checkKept(folder string, known note.Verifiers, newest head, reader tlog.HashReader) int {
	count := 0
	err := filepath.WalkDir(filepath.Join(folder, "checkpoints"), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		kept := open(path, known)
		proof, err := tlog.ProveTree(newest.size, kept.size, reader)
		check(path, err)
		check(path, tlog.CheckTree(proof, newest.size, newest.root, kept.size, kept.root))
		count++
		return nil
	})
	check("checkpoints", err)
	return count
}

// checkProofs checks what the ledger proved itself.
func checkProofs(path string, newest head) int {
	data, err := os.ReadFile(path)
	check("proofs", err)
	var all proofs
	check("proofs", json.Unmarshal(data, &all))
	for _, proof := range all.Records {
		hash := tlog.RecordHash(proof.Leaf)
		err := tlog.CheckRecord(proof.Path, newest.size, newest.root, proof.Index, hash)
		check(fmt.Sprintf("the ledger's proof of record %d", proof.Index), err)
	}
	for _, proof := range all.Trees {
		err := tlog.CheckTree(proof.Path, newest.size, newest.root, proof.Size, proof.Root)
		check(fmt.Sprintf("the ledger's proof of %d records", proof.Size), err)
	}
	if len(all.Records) == 0 || len(all.Trees) == 0 {
		fail("there are no proofs to check")
	}
	return len(all.Records) + len(all.Trees)
}

// open checks a checkpoint's note and reads its text.
func open(path string, known note.Verifiers) head {
	data, err := os.ReadFile(path)
	check(path, err)
	opened, err := note.Open(data, known)
	check(path, err)
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[3] != "" {
		fail(path + " is not an origin, a size and a root")
	}
	var size int64
	_, err = fmt.Sscan(lines[1], &size)
	check(path, err)
	root, err := tlog.ParseHash(lines[2])
	check(path, err)
	return head{lines[0], size, root}
}

func keys(path string) note.Verifiers {
	data, err := os.ReadFile(path)
	check("keys", err)
	var all []note.Verifier
	for _, line := range strings.Fields(string(data)) {
		key, err := note.NewVerifier(line)
		check(line, err)
		all = append(all, key)
	}
	return note.VerifierList(all...)
}

func min(a, b int64) int64 {
	if a < b {
		return a
	}
	return b
}

func check(what string, err error) {
	if err != nil {
		fail(fmt.Sprintf("%s: %v", what, err))
	}
}

func fail(what string) {
	fmt.Fprintln(os.Stderr, "go: "+what)
	os.Exit(1)
}
