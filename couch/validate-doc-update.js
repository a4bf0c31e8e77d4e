(function (newDoc, oldDoc, userCtx) {
  // The second wall: what a database itself accepts, whoever writes. CouchDB runs this text, and the embedded store
  // runs the same text in process (src/gateway/store/validate-document.ts). ES5, no globals beyond the language.
  // It guards against a mistake in the gateway, not against its capture. A refusal is a code, never a sentence.
  //
  // Under `new_edits: false` CouchDB shows no old document for a second branch, so a rule that compares with
  // `oldDoc` alone would let a replaced body in, and let it win. Hence the revision must be the one the id names.

  // The same figures as src/ledger/entry.ts and src/ledger/kinds.ts; a test compares them.
  var MAX_ENTRY_BYTES = 65536;
  var MAX_CELLS = 400;
  var MAX_OVER = 16;
  var MAX_KEY_LENGTH = 200;
  var MAX_ID_LENGTH = 200;
  var MAX_TEXT_LENGTH = 4000;
  var MAX_REASON_LENGTH = 400;
  var MAX_SIGNATURE_LENGTH = 200;
  var MAX_DEPTH = 20;
  var MAX_INSTANT = 8640000000000000;

  var ENTRY_ID = /^[a-z0-9][a-z0-9-]{0,63}:(\d{4}-(?:0\d|1[0-2])):([a-z][a-zA-Z]{1,31}):([0-9a-f]{32})$/;
  var IDENTIFIER = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
  var HASH = /^[0-9a-f]{32}$/;
  var DATE = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
  var HALF_PAIR = /[\ud800-\udbff](?![\udc00-\udfff])|(?:[^\ud800-\udbff]|^)[\udc00-\udfff]/;
  var RECORD_DATABASE = /^(accounts|audit|tray)-/;
  var LASTING_DATABASE = /^official[12]-/;

  var BODY_FIELDS = ['v', 'kind', 'salt', 'on', 'group', 'madeAt', 'by', 'device', 'cells'];
  var STORE_FIELDS = ['_id', '_rev', '_revisions'];
  var ENTRY_FIELDS = STORE_FIELDS.concat(BODY_FIELDS, ['sig', 'received']);
  var ERASED_FIELDS = STORE_FIELDS.concat([
    'erased',
    'v',
    'kind',
    'on',
    'erasedBy',
    'erasedAt',
    'why',
    'cells',
    'received',
  ]);

  function refuse(code) {
    throw { forbidden: code };
  }

  function demand(condition, code) {
    if (!condition) refuse(code);
  }

  function matches(pattern, value) {
    return typeof value === 'string' && pattern.test(value);
  }

  function isObject(value) {
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  }

  function isInteger(value, min, max) {
    return typeof value === 'number' && value % 1 === 0 && value >= min && value <= max;
  }

  function isText(value, max) {
    return typeof value === 'string' && value.length > 0 && value.length <= max && !HALF_PAIR.test(value);
  }

  function demandOnly(fields, object) {
    for (var name in object) {
      if (object[name] !== undefined) demand(fields.indexOf(name) >= 0, 'unknownField');
    }
  }

  function utf8Length(text) {
    var bytes = 0;
    for (var i = 0; i < text.length; i++) {
      var unit = text.charCodeAt(i);
      // Each half of a surrogate pair counts two of the pair's four bytes.
      if (unit < 0x80) bytes += 1;
      else if (unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff)) bytes += 2;
      else bytes += 3;
    }
    return bytes;
  }

  // First 128 bits of SHA-256 of an ASCII text, in hexadecimal.
  function hashOfAscii(text) {
    var rounds = [];
    var state = [];
    for (var candidate = 2; rounds.length < 64; candidate++) {
      var prime = true;
      for (var divisor = 2; divisor * divisor <= candidate; divisor++) {
        if (candidate % divisor === 0) prime = false;
      }
      if (!prime) continue;
      if (state.length < 8) state.push((Math.sqrt(candidate) * 4294967296) | 0);
      rounds.push((Math.pow(candidate, 1 / 3) * 4294967296) | 0);
    }

    var words = [];
    for (var i = 0; i < text.length; i++) words[i >> 2] |= text.charCodeAt(i) << (24 - (i % 4) * 8);
    words[text.length >> 2] |= 0x80 << (24 - (text.length % 4) * 8);
    var end = (((text.length + 8) >> 6) + 1) * 16;
    words[end - 1] = text.length * 8;

    function rotate(word, bits) {
      return (word >>> bits) | (word << (32 - bits));
    }

    for (var start = 0; start < end; start += 16) {
      var schedule = [];
      var s = state.slice();
      for (var t = 0; t < 64; t++) {
        if (t < 16) schedule[t] = words[start + t] | 0;
        else {
          var w15 = schedule[t - 15];
          var w2 = schedule[t - 2];
          schedule[t] =
            (schedule[t - 16] +
              (rotate(w15, 7) ^ rotate(w15, 18) ^ (w15 >>> 3)) +
              schedule[t - 7] +
              (rotate(w2, 17) ^ rotate(w2, 19) ^ (w2 >>> 10))) |
            0;
        }
        var first =
          (s[7] +
            (rotate(s[4], 6) ^ rotate(s[4], 11) ^ rotate(s[4], 25)) +
            ((s[4] & s[5]) ^ (~s[4] & s[6])) +
            rounds[t] +
            schedule[t]) |
          0;
        var second =
          ((rotate(s[0], 2) ^ rotate(s[0], 13) ^ rotate(s[0], 22)) +
            ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]))) |
          0;
        s = [(first + second) | 0, s[0], s[1], s[2], (s[3] + first) | 0, s[4], s[5], s[6]];
      }
      for (var j = 0; j < 8; j++) state[j] = (state[j] + s[j]) | 0;
    }

    var hash = '';
    for (var k = 0; k < 4; k++) hash += ('0000000' + (state[k] >>> 0).toString(16)).slice(-8);
    return hash;
  }

  // Half a surrogate pair is JSON and no Unicode: CouchDB cannot read the request that holds one.
  function checkText(text) {
    demand(text.length <= MAX_TEXT_LENGTH, 'textTooLong');
    demand(!HALF_PAIR.test(text), 'malformed');
  }

  function checkValue(value, depth) {
    demand(depth <= MAX_DEPTH, 'malformed');
    if (typeof value === 'string') checkText(value);
    else if (typeof value === 'object' && value !== null) {
      for (var name in value) {
        checkText(name);
        demand(name !== '__proto__', 'malformed');
        checkValue(value[name], depth + 1);
      }
    } else demand(value === null || typeof value === 'boolean' || typeof value === 'number', 'malformed');
  }

  function checkCells(cells, ownId, withValue) {
    demand(Array.isArray(cells) && cells.length > 0, 'malformed');
    demand(cells.length <= MAX_CELLS, 'tooManyCells');
    var fields = withValue ? ['key', 'value', 'over'] : ['key', 'over'];
    var keys = {};
    for (var i = 0; i < cells.length; i++) {
      var cell = cells[i];
      demand(isObject(cell), 'malformed');
      demandOnly(fields, cell);
      demand(isText(cell.key, MAX_KEY_LENGTH), 'badCellKey');
      demand(keys['=' + cell.key] === undefined, 'badCellKey');
      keys['=' + cell.key] = true;
      demand(Array.isArray(cell.over), 'malformed');
      demand(cell.over.length <= MAX_OVER, 'badOver');
      for (var j = 0; j < cell.over.length; j++) {
        var over = cell.over[j];
        demand(matches(ENTRY_ID, over) && over.length <= MAX_ID_LENGTH && over !== ownId, 'badOver');
      }
      if (withValue) checkValue(cell.value, 0);
    }
  }

  function checkReceived(received) {
    if (received === undefined) return;
    demand(isObject(received), 'malformed');
    demandOnly(['at', 'by', 'device', 'n', 'mac'], received);
    demand(isInteger(received.at, 0, MAX_INSTANT), 'malformed');
    demand(matches(IDENTIFIER, received.by) && matches(IDENTIFIER, received.device), 'malformed');
    demand(isInteger(received.n, 1, MAX_INSTANT), 'malformed');
    demand(matches(HASH, received.mac), 'malformed');
  }

  // The month of the day it is about, or `-00` of the school year (from 1 April) that the day lies in. What lasts
  // beyond years lies in databases of its own.
  function isPeriodOf(period, on) {
    if (LASTING_DATABASE.test(userCtx.db)) return period === '0000-00';
    if (period === on.slice(0, 7)) return true;
    var year = Number(on.slice(0, 4)) - (on.slice(5) < '04-01' ? 1 : 0);
    return period === ('000' + year).slice(-4) + '-00';
  }

  function cellsWithoutValues(cells) {
    var bare = [];
    for (var i = 0; i < cells.length; i++) bare.push([cells[i].key, cells[i].over]);
    return JSON.stringify(bare);
  }

  // Which right a write rests on, and what it demands of the author.
  function checkAuthor(author, received) {
    if (has('_admin') || has('amenimo-import')) return;
    if (has('amenimo-handback')) {
      demand(received !== undefined, 'wrongAuthor');
      return;
    }
    demand(author === userCtx.name, 'wrongAuthor');
  }

  function has(role) {
    return userCtx.roles.indexOf(role) >= 0;
  }

  function mayWrite() {
    return has('_admin') || has('amenimo-writer') || has('amenimo-import') || has('amenimo-handback');
  }

  // Not for every writer: a gateway asks for it only where management wants a text gone, or hands one back.
  function mayErase() {
    return has('_admin') || has('amenimo-eraser') || has('amenimo-handback');
  }

  function checkEntry(id) {
    demand(mayWrite(), 'notPermitted');
    demandOnly(ENTRY_FIELDS, newDoc);
    demand(matches(HASH, newDoc.salt), 'malformed');
    demand(newDoc.group === undefined || matches(IDENTIFIER, newDoc.group), 'malformed');
    demand(isInteger(newDoc.madeAt, 0, MAX_INSTANT), 'malformed');
    demand(matches(IDENTIFIER, newDoc.by) && matches(IDENTIFIER, newDoc.device), 'malformed');
    demand(newDoc.sig === undefined || isText(newDoc.sig, MAX_SIGNATURE_LENGTH), 'malformed');
    checkCells(newDoc.cells, id, true);
    var body = {};
    for (var i = 0; i < BODY_FIELDS.length; i++) body[BODY_FIELDS[i]] = newDoc[BODY_FIELDS[i]];
    demand(utf8Length(JSON.stringify(body)) <= MAX_ENTRY_BYTES, 'tooLarge');
    checkAuthor(newDoc.by, newDoc.received);
    if (newDoc.received && !has('_admin') && !has('amenimo-import') && !has('amenimo-handback')) {
      demand(newDoc.received.by === userCtx.name, 'wrongAuthor');
    }
  }

  // The one second revision. The text goes; keys and `over` stay as they were.
  function checkErasure(id) {
    demand(mayErase(), 'notPermitted');
    demandOnly(ERASED_FIELDS, newDoc);
    demand(newDoc.erased === true, 'wrongRevision');
    demand(matches(IDENTIFIER, newDoc.erasedBy), 'malformed');
    demand(isInteger(newDoc.erasedAt, 0, MAX_INSTANT), 'malformed');
    demand(isText(newDoc.why, MAX_REASON_LENGTH), 'malformed');
    checkCells(newDoc.cells, id, false);
    checkAuthor(newDoc.erasedBy, newDoc.received);
    if (oldDoc && !oldDoc._deleted) {
      demand(!oldDoc.erased, 'wrongRevision');
      demand(newDoc.v === oldDoc.v && newDoc.on === oldDoc.on, 'wrongErasure');
      demand(cellsWithoutValues(newDoc.cells) === cellsWithoutValues(oldDoc.cells), 'wrongErasure');
    }
  }

  if (RECORD_DATABASE.test(userCtx.db)) {
    demand(has('_admin'), 'notPermitted');
    return;
  }

  demand(mayWrite() || mayErase(), 'notPermitted');
  demand(!newDoc._deleted, 'deletion');
  demand(!newDoc._attachments, 'attachment');

  var parts =
    typeof newDoc._id === 'string' && newDoc._id.length <= MAX_ID_LENGTH && ENTRY_ID.exec(newDoc._id);
  demand(parts, 'badId');
  var revisions = newDoc._revisions;
  demand(isObject(revisions) && Array.isArray(revisions.ids), 'wrongRevision');
  demand(revisions.start === revisions.ids.length, 'wrongRevision');
  demand(revisions.ids[revisions.ids.length - 1] === parts[3], 'wrongRevision');

  demand(isInteger(newDoc.v, 1, 1000), 'malformed');
  demand(newDoc.kind === parts[2], 'malformed');
  demand(matches(DATE, newDoc.on) && isPeriodOf(parts[1], newDoc.on), 'malformed');
  checkReceived(newDoc.received);

  if (revisions.start === 1) checkEntry(newDoc._id);
  else if (revisions.start === 2) {
    demand(revisions.ids[0] === hashOfAscii('erased:' + newDoc._id), 'wrongRevision');
    checkErasure(newDoc._id);
  } else refuse('wrongRevision');
});
