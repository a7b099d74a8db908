/**
 * The towns of 新宿区 with their true postal codes (the codes of single buildings and firms left aside), the branch
 * office (特別出張所) whose area each is in, and about how many people live there. The office areas are best
 * knowledge, not an official list: 01四谷 02箪笥町 03榎町 04若松町 05大久保 06戸塚 07落合第一 08落合第二 09柏木 10角筈.
 */
export interface Town {
  readonly name: string;
  readonly postalCode: string;
  readonly office: string;
  /** 丁目, or 0 for a town without. */
  readonly chome: number;
  /** Whether addresses are by block (番・号, 住居表示実施) or by lot (番地). */
  readonly numbering: 'block' | 'lot';
  /** Residents in hundreds, roughly. */
  readonly weight: number;
  /** The block (番) or lot (番地) numbers used: 西早稲田 and 戸山 have a second postal code for some of theirs. */
  readonly numbers: readonly [first: number, last: number];
}

/**
 * An entry is `name code office weights`: a weight for each 丁目 in turn, or one after `=` for a town without. Two
 * numbers joined by a hyphen may follow: the first and last block.
 */
const BLOCK_TOWNS = `
四谷 1600004 01 6,14,16,21 / 四谷坂町 1600002 01 =23 / 四谷本塩町 1600003 01 =14 / 四谷三栄町 1600008 01 =18
新宿 1600022 01 26,24,6,10 / 片町 1600001 01 =5 / 霞ヶ丘町 1600013 01 =2
新宿 1600022 05 ,,,,31,46,59 / 歌舞伎町 1600021 05 ,21 / 大久保 1690072 05 43,52,28 / 百人町 1690073 05 39,61,38
戸山 1690052 05 ,,14 18-18 / 戸山 1620052 04 36,52 / 若松町 1620056 04 =42 / 余丁町 1620055 04 =56 / 富久町 1620067 04 =63
市谷台町 1620066 04 =19 / 住吉町 1620065 04 =31 / 河田町 1620054 04 =33
西早稲田 1690051 06 18,37,41 3-31 / 戸塚町 1690071 06 5 / 高田馬場 1690075 06 52,36,61,54
下落合 1610033 07 24,28,52,55 / 中落合 1610032 07 35,41 / 中落合 1610032 08 ,,41,52
上落合 1610034 08 39,53,47 / 中井 1610035 08 26,33 / 西落合 1610031 08 36,31,43,33
北新宿 1690074 09 58,32,59,41 / 西新宿 1600023 09 ,,,,,,28,33
西新宿 1600023 10 3,1,21,74,63,19 / 歌舞伎町 1600021 10 4
`;

const LOT_TOWNS = `
若葉 1600011 01 24,21,13 / 須賀町 1600018 01 =13 / 左門町 1600017 01 =18 / 信濃町 1600016 01 =9 / 南元町 1600012 01 =16
荒木町 1600007 01 =20 / 舟町 1600006 01 =14 / 愛住町 1600005 01 =22 / 大京町 1600015 01 =32 / 内藤町 1600014 01 =5
神楽坂 1620825 02 4,7,9,7,14,12 / 市谷本村町 1620845 02 =26 / 市谷田町 1620843 02 3,6,11 / 市谷左内町 1620846 02 =9
市谷砂土原町 1620842 02 8,7,9 / 市谷八幡町 1620844 02 =1 / 市谷長延寺町 1620847 02 =5 / 市谷鷹匠町 1620848 02 =5
市谷加賀町 1620062 02 11,24 / 市谷船河原町 1620826 02 =5 / 箪笥町 1620833 02 =15 / 横寺町 1620831 02 =15
岩戸町 1620832 02 =8 / 袋町 1620828 02 =11 / 北町 1620834 02 =11 / 中町 1620835 02 =10 / 南町 1620836 02 =12
納戸町 1620837 02 =20 / 細工町 1620838 02 =10 / 払方町 1620841 02 =11 / 若宮町 1620827 02 =17 / 揚場町 1620824 02 =2
神楽河岸 1620823 02 =2 / 津久戸町 1620821 02 =6 / 下宮比町 1620822 02 =7 / 新小川町 1620814 02 =42
筑土八幡町 1620815 02 =8 / 白銀町 1620816 02 =12 / 赤城元町 1620817 02 =11 / 赤城下町 1620803 02 =21
東五軒町 1620813 02 =18 / 西五軒町 1620812 02 =24 / 二十騎町 1620855 02 =14 / 市谷仲之町 1620064 02 =30
早稲田鶴巻町 1620041 03 =64 / 早稲田町 1620042 03 =24 / 早稲田南町 1620043 03 =19 / 馬場下町 1620045 03 =6
喜久井町 1620044 03 =41 / 弁天町 1620851 03 =34 / 榎町 1620806 03 =17 / 東榎町 1620807 03 =11 / 南榎町 1620852 03 =17
天神町 1620808 03 =15 / 矢来町 1620805 03 =39 / 山吹町 1620801 03 =38 / 改代町 1620802 03 =13 / 中里町 1620804 03 =11
築地町 1620818 03 =8 / 水道町 1620811 03 =16 / 原町 1620053 03 13,26,27 / 市谷柳町 1620061 03 =16
市谷薬王寺町 1620063 03 =31 / 市谷甲良町 1620856 03 =15 / 市谷山伏町 1620857 03 =12 / 北山伏町 1620853 03 =8
南山伏町 1620854 03 =10
`;

function readTowns(text: string, numbering: Town['numbering']): Town[] {
  return text
    .trim()
    .split(/[\n/]/)
    .flatMap((entry) => {
      const [name, postalCode, office, weights, span] = entry.trim().split(' ') as [
        string,
        string,
        string,
        string,
        string?,
      ];
      const [first, last] = (span ?? (numbering === 'block' ? '1-34' : '1-120')).split('-').map(Number);
      const single = weights.startsWith('=');
      return weights
        .replace('=', '')
        .split(',')
        .map((weight, index) => ({
          name,
          postalCode,
          office,
          chome: single ? 0 : index + 1,
          numbering,
          weight: Number(weight),
          numbers: [first!, last!] as const,
        }))
        .filter((town) => town.weight > 0);
    });
}

export const TOWNS: readonly Town[] = [...readTowns(BLOCK_TOWNS, 'block'), ...readTowns(LOT_TOWNS, 'lot')];
